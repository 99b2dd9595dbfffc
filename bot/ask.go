package bot

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/phrase"
	"wegwijs/bot/understand"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/search"
)

// A Question is one free question, outside any conversation.
type Question struct {
	ID      string
	Text    string
	Lang    catalogue.Lang // "" is the language of the text
	Near    string         // postcode; "" is anywhere
	Explain bool           // fill Answer.Why
}

// Answers is what a free question is answered with. Its JSON is that of the
// public contract for /api/v1/ask.
type Answers struct {
	ID       string         `json:"id,omitempty"`
	Language catalogue.Lang `json:"language"`
	Kind     string         `json:"kind"`  // see the contract: courses, article, term, …, unknown
	Reply    string         `json:"reply"` // the words that a person reads first
	Answers  []Answer       `json:"answers"`
	// choices are buttons that a conversation puts under the reply.
	choices []string
}

// maxAnswers is the most answers to one question. Source: the public contract.
const maxAnswers = 10

// scoreAnswer is the score below which the bot says that it does not know. It
// was set on the labelled questions; `wegwijs evaluate` shows what it does.
const scoreAnswer = 0.5

// scoreQuestion is that score for what only resembles a question of ours: many
// questions resemble each other a little.
const scoreQuestion = 0.57

// Ask answers one free question. The same question always gets the same
// answer; it never fails, it may not know.
func (b *Bot) Ask(_ context.Context, q Question) Answers {
	k := b.Knowledge()
	m := k.Reader.Read(q.Text)
	l := q.Lang
	if l == "" {
		l = m.Lang
	}
	if l == "" {
		l = catalogue.NL
	}
	a := asking{b: b, k: k, l: l, m: m, q: q}
	out := a.answer()
	out.ID, out.Language = q.ID, l
	if other := a.other(out); other != "" {
		out.Reply += " " + a.say("ask.or", map[string]any{"Title": other})
	}
	if out.Answers == nil {
		out.Answers = []Answer{}
	}
	return out
}

// Reading says how a text is understood, for people who mend the word lists.
func (b *Bot) Reading(text string) string { return b.Knowledge().Reader.Read(text).String() }

// asking is one question while it is worked on.
type asking struct {
	b *Bot
	k *Knowledge
	l catalogue.Lang
	m understand.Meaning
	q Question
	p catalogue.Profile // of the conversation that it is asked in, if any
	// close is a reading nearly as good as the one that is answered, of another
	// kind or about another thing; nil when there is none.
	close *search.Hit
}

func (a *asking) say(id string, args map[string]any) string { return a.b.words.Say(a.l, id, args) }

func (a *asking) plain(kind, id string) Answers {
	return Answers{Kind: kind, Reply: a.say(id, nil)}
}

// answer tries, in this order: care, a person, small talk, what lies outside
// our field, and then whatever explains the words best.
func (a *asking) answer() Answers {
	switch a.m.Alarm {
	case understand.Crisis:
		out := a.plain("crisis", "say.crisis")
		out.Answers = a.desks("helpline")
		return out
	case understand.Figure:
		if len(a.m.Rest) == 0 {
			return a.plain("smalltalk", "say.figure")
		}
	case understand.Abuse:
		return a.plain("smalltalk", "say.abuse")
	}
	switch a.m.Command {
	case understand.Handover:
		out := a.plain("handover", "say.handover")
		out.Answers = a.desks("guidance", "work")
		return out
	case understand.Hello, understand.Thanks, understand.Bye, understand.Bot:
		return a.plain("smalltalk", "talk."+string(a.m.Command))
	case understand.Help:
		return a.plain("smalltalk", "say.help")
	}
	if out, ok := a.own(); ok {
		return out
	}
	if out, ok := a.outside(); ok {
		return out
	}
	if out, ok := a.path(); ok {
		return out
	}
	if a.strange() {
		return a.plain("unknown", "say.unknown")
	}
	hits := a.hits()
	if len(hits) == 0 || a.wish() && hits[0].Kind != search.CourseKind && hits[0].Score < asGood {
		if out, ok := a.byProfile(); ok {
			return out
		}
	}
	if len(hits) == 0 {
		return a.plain("unknown", "say.unknown")
	}
	return a.shape(hits)
}

// own answers a question that staff wrote down, word for word, with the article
// or rule that they wrote it for. A wish without a question stays a wish: there
// the words are search words too.
func (a *asking) own() (Answers, bool) {
	if a.wish() && !a.m.Question {
		return Answers{}, false
	}
	q := search.Query{Text: a.m.Text, Lang: a.l, Kinds: []search.Kind{search.ArticleKind, search.RuleKind}}
	if !a.k.Index.Answers(q) {
		return Answers{}, false
	}
	hits := a.find(q)
	if len(hits) == 0 || !hits[0].Exact || hits[0].Why != search.WhyQuestion {
		return Answers{}, false
	}
	return a.shape(hits[:min(len(hits), extras+1)]), true
}

// outside answers what is not ours to answer, kindly and with where to go.
func (a *asking) outside() (Answers, bool) {
	for _, r := range []struct {
		intent understand.Intent
		id     string
		desks  []string
	}{
		{understand.OutFrench, "say.out.french", []string{"french"}},
		{understand.OutDiploma, "say.out.diploma", []string{"guidance"}},
		{understand.OutField, "say.out.field", []string{"guidance"}},
	} {
		if !slices.Contains(a.m.Intents, r.intent) || r.intent == understand.OutField && (a.ours() || a.named()) {
			continue
		}
		out := a.plain("referral", r.id)
		out.Answers = a.desks(r.desks...)
		return out, true
	}
	if slices.Contains(a.m.Intents, understand.OutOther) && !a.named() && !a.answered() {
		return a.plain("unknown", "say.out.other"), true
	}
	return Answers{}, false
}

// ours reports whether what sounds like another field is one of our courses
// after all: "pharmacy assistant", "opticien".
func (a *asking) ours() bool {
	hits := a.find(search.Query{Words: a.m.Rest, Kinds: []search.Kind{search.CourseKind}})
	return len(hits) > 0 && hits[0].Matched == hits[0].Words &&
		(hits[0].Score >= asGood || hits[0].Words > 1 && hits[0].Score >= asOurs)
}

// answered reports whether a text of ours answers the very question, although it
// sounds like something else: "must I buy a laptop".
func (a *asking) answered() bool {
	hits := a.find(search.Query{Text: a.m.Plain, Kinds: []search.Kind{search.ArticleKind, search.TermKind, search.RuleKind}})
	return len(hits) > 0 && hits[0].Score >= asAnswer && hits[0].Why == search.WhyQuestion
}

// named reports whether one of the words is the name of a term: then it is
// asked about, whatever else is said ("trajectbegeleider traduction").
func (a *asking) named() bool {
	for _, w := range a.m.Rest {
		hits := a.find(search.Query{Words: []string{w}, Kinds: []search.Kind{search.TermKind}})
		if len(hits) > 0 && hits[0].Exact {
			return true
		}
	}
	return false
}

// kinds puts the kinds that an intent asks for first.
var kinds = map[understand.Intent][]search.Kind{
	understand.AskTerm:      {search.TermKind, search.ArticleKind},
	understand.AskCompare:   {search.ArticleKind, search.TermKind},
	understand.AskPrice:     {search.ArticleKind, search.CourseKind},
	understand.AskAdmission: {search.ArticleKind, search.RuleKind, search.PathwayKind},
	understand.AskPath:      {search.ArticleKind, search.RuleKind, search.PathwayKind},
	understand.AskJobs:      {search.ArticleKind, search.JobKind},
	understand.AskOpenDay:   {search.ArticleKind},
	understand.AskContact:   {search.ArticleKind},
	understand.AskEnrol:     {search.ArticleKind},
	understand.AskTryout:    {search.InitiativeKind, search.ArticleKind},
	understand.AskCourse:    {search.CourseKind},
}

// What a question asks for goes before what merely has the words. The numbers
// break near ties between kinds; they lift nothing over a much better
// explanation, and the scores that are shown stay as they were.
const (
	bonus     = 0.12 // for a kind that the intent asks for
	wished    = 0.3  // for courses, when the asker says what he likes
	stated    = 0.15 // for courses, when nothing is asked: "dakwerkersopleiding"
	malus     = 0.15 // for courses, when the asker wants to know a rule, a price, a meaning
	noWish    = 0.3  // for courses, when a question names no field, no course and no place
	aboutIt   = 0.06 // for articles on the shelf that the question is about
	aside     = 0.12 // for initiatives and jobs that nobody asked for
	asGood    = 0.9  // an article whose own question is this close answers it, wish or not
	asAnswer  = 0.93 // a question this like one of ours is asked for sure
	asOurs    = 0.78 // a course that explains two words or more this well is in our field
	leeway    = 0.25 // courses this much below the best explain too little to be shown
	leftOut   = 0.1  // taken off for the share of the words that is left out then
	likedOnly = 0.93 // what is found for the liked words alone, against all words
	closeBy   = 0.05 // two readings this near each other are both told
	jobScore  = 0.9  // the article on the jobs of a field, when jobs are asked for
	bucket    = 0.1  // courses within it explain equally well: the nearest goes first
	extras    = 2    // articles and terms shown after courses
	minMore   = 0.85 // how well they must explain the words
)

// wish reports whether the asker says what he likes or wants to become, rather
// than what he wants to know.
func (a *asking) wish() bool {
	if a.slot("interest") == "" && (a.m.Question || !a.unsure("interest") || !a.asksFor(understand.AskCourse)) {
		return false
	}
	if len(a.m.Intents) == 0 {
		return !a.m.Question || a.slot("place") != ""
	}
	switch a.m.Intents[0] {
	case understand.AskCourse, understand.AskPlace:
		return true
	case understand.AskPath:
		// "I want to become a plumber" asks for courses; "can I, after this
		// diploma" asks for a rule.
		return !a.standing() || !a.m.Question && (slices.Contains(a.m.Intents, understand.AskCourse) || a.after() != "")
	}
	return !a.m.Question && slices.Contains(a.m.Intents, understand.AskCourse)
}

// standing reports whether the asker says what he follows or has followed.
func (a *asking) standing() bool {
	for _, s := range slices.Concat(a.m.Slots, a.m.Unsure) {
		if s.Name == "track" || s.Name == "stage" || s.Name == "finality" {
			return true
		}
	}
	return false
}

// asksFor reports whether the strongest kind of question is one of these.
func (a *asking) asksFor(in ...understand.Intent) bool {
	return len(a.m.Intents) > 0 && slices.Contains(in, a.m.Intents[0])
}

// strange reports whether most of what is said is known to nobody.
func (a *asking) strange() bool {
	if len(a.m.Intents) > 0 || a.m.Question {
		return false
	}
	// Words side by side without a sentence, "banana zebra cloud", are mended to
	// nothing: by chance some are a slip of ours.
	bare := len(a.m.Rest) >= 3 && len(strings.Fields(a.m.Text)) == len(a.m.Rest)
	unknown := 0
	for _, w := range a.m.Rest {
		if !a.k.Index.Knows(w, !bare) {
			unknown++
		}
	}
	return unknown >= 2 && 2*unknown > len(a.m.Rest)
}

// liked are the words that say what the asker likes.
func (a *asking) liked() []string { return slices.Concat(a.wishes()...) }

// wishes are the same words, by what he likes; at most three, as each is looked
// for.
func (a *asking) wishes() [][]string {
	var liked [][]string
	slots := a.m.Slots
	if a.slot("interest") == "" {
		slots = a.m.Unsure
	}
	for _, s := range slots {
		words := strings.Fields(s.Words)
		if s.Name == "interest" && len(liked) < 3 && !slices.ContainsFunc(liked, func(l []string) bool { return slices.Equal(l, words) }) {
			liked = append(liked, words)
		}
	}
	return liked
}

// find asks the index. Its only error is a cancelled search.
func (a *asking) find(q search.Query) []search.Hit {
	q.Lang, q.Limit = a.l, 200
	hits, err := a.k.Index.Find(context.Background(), q)
	if err != nil {
		a.b.log.Error("search", "err", err)
	}
	return hits
}

// hits are the things that explain the words, best first.
func (a *asking) hits() []search.Hit {
	wish := a.wish()
	words := a.m.Rest
	if !wish && a.m.Question {
		words = nil // every word of a question may matter: "how does dual learning work"
	}
	hits := a.find(search.Query{Words: words, Text: a.m.Plain})
	if wish {
		for _, words := range a.wishes() {
			liked := a.find(search.Query{Words: words, Kinds: []search.Kind{search.CourseKind}})
			for i := range liked {
				h := &liked[i]
				h.Words = max(h.Words, len(a.m.Rest))
				h.Score *= 1 - leftOut*(1-float64(h.Matched)/float64(h.Words))
			}
			hits = merge(hits, liked, likedOnly)
		}
	}
	if a.asksFor(understand.AskJobs) {
		hits = merge(hits, a.jobHits(), 1)
	}
	hits = slices.DeleteFunc(hits, func(h search.Hit) bool {
		return h.Score < scoreAnswer || h.Score < scoreQuestion && h.Why == search.WhyQuestion
	})
	rank := a.ranking(wish)
	slices.SortFunc(hits, func(x, y search.Hit) int {
		return cmp.Or(cmp.Compare(rank(y), rank(x)), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	a.close = nil
	for i := 1; i < len(hits) && !hits[0].Exact && rank(hits[0])-rank(hits[i]) <= closeBy; i++ {
		// One list shows all courses: another course is no other reading.
		if h := hits[i]; !h.Exact && (h.Kind != search.CourseKind || hits[0].Kind != search.CourseKind) {
			a.close = &h
			break
		}
	}
	return hits
}

// other is the title of the other reading, to ask about, without the sign of a
// question; "" when the answer leaves no doubt.
func (a *asking) other(out Answers) string {
	if a.close == nil || !slices.Contains([]string{"courses", "article", "term", "rule"}, out.Kind) {
		return ""
	}
	ans, ok := a.show(*a.close)
	if !ok || len(out.Answers) > 0 && ans.Title == out.Answers[0].Title {
		return ""
	}
	return strings.TrimRight(ans.Title, "? \u00a0\u202f")
}

// ranking is the order of hits: their score, corrected for what is asked.
func (a *asking) ranking(wish bool) func(search.Hit) float64 {
	var want []search.Kind
	if len(a.m.Intents) > 0 && !wish {
		want = kinds[a.m.Intents[0]]
	}
	if want == nil && (wish || !a.m.Question) {
		want = []search.Kind{search.CourseKind}
	}
	courses := 0.0
	switch {
	case wish:
		courses = wished
	case len(a.m.Intents) == 0 && !a.m.Question:
		if a.unsure("interest") {
			courses = stated
		}
	case a.m.Question && a.slot("interest") == "" && !slices.Contains(want, search.CourseKind):
		courses = -noWish
	case (a.m.Question || len(want) > 0) && !slices.Contains(want, search.CourseKind):
		courses = -malus
	}
	return func(h search.Hit) float64 {
		r := h.Score
		gain := 0.0
		if at := slices.Index(want, h.Kind); at >= 0 {
			gain = bonus / float64(at+1)
		}
		switch {
		case h.Kind == search.CourseKind && courses >= 0 && h.Words > 0 && len(a.m.Intents) == 0 && !a.m.Question:
			// Nothing says that it is a wish: "science activities for families".
			if !wish && !a.unsure("interest") && h.Why != search.WhyName && h.Why != search.WhyTitle {
				return r // levels and finalities alone name no course
			}
			return r + (courses+gain)*math.Pow(float64(h.Matched)/float64(h.Words), 2)
		}
		r += gain
		switch {
		case h.Kind == search.CourseKind && wish && a.m.Question && h.Words > 0:
			// A wish and a question: what answers all of it may go first.
			r += courses * (1 + float64(h.Matched)/float64(h.Words)) / 2
		case h.Kind == search.CourseKind:
			r += courses
		case h.Kind == search.ArticleKind && slices.Contains(a.topics(), a.topicOf(h.ID)):
			r += aboutIt
		case wish && a.m.Question && h.Why == search.WhyQuestion && h.Score >= asGood && (h.Exact || len(a.m.Rest) > 1):
			r += wished
		case h.Kind == search.PlaceKind && (a.m.Question || len(a.m.Rest) > 0):
			r -= wished // a place is an answer when nothing else is said
		case (h.Kind == search.InitiativeKind || h.Kind == search.JobKind) && !h.Exact && !slices.Contains(want, h.Kind):
			r -= aside
		}
		return r
	}
}

// topics of articles that answer a kind of question.
var topics = map[understand.Intent][]string{
	understand.AskPrice: {"cost"},
	understand.AskJobs:  {"jobs"},
	understand.AskEnrol: {"enrolment"},
}

func (a *asking) topics() []string {
	if len(a.m.Intents) == 0 {
		return nil
	}
	return topics[a.m.Intents[0]]
}

func (a *asking) topicOf(id string) string {
	if art, ok := a.k.Library.Article(id); ok {
		return art.Topic
	}
	return ""
}

// jobHits are the articles on the jobs of the fields that are named.
func (a *asking) jobHits() []search.Hit {
	var hits []search.Hit
	for _, s := range slices.Concat(a.m.Slots, a.m.Unsure) {
		if s.Name != "interest" {
			continue
		}
		for i := range a.k.Library.Articles {
			art := &a.k.Library.Articles[i]
			if art.Topic == "jobs" && slices.Contains(art.Fields, catalogue.Field(s.Value)) {
				hits = append(hits, search.Hit{Kind: search.ArticleKind, ID: art.ID, Score: jobScore, Why: "jobs"})
			}
		}
	}
	return hits
}

// merge adds hits for fewer words, each a little less sure, and keeps the
// better of two for one thing.
func merge(hits, fewer []search.Hit, share float64) []search.Hit {
	for _, h := range fewer {
		h.Score *= share
		at := slices.IndexFunc(hits, func(x search.Hit) bool { return x.Kind == h.Kind && x.ID == h.ID })
		switch {
		case at < 0:
			hits = append(hits, h)
		case hits[at].Score < h.Score:
			h.Matched = max(h.Matched, hits[at].Matched)
			hits[at] = h
		}
	}
	return hits
}

// shape turns hits into answers; the best hit decides the kind.
func (a *asking) shape(hits []search.Hit) Answers {
	if hits[0].Kind == search.CourseKind {
		return a.courses(hits)
	}
	var out Answers
	for _, h := range hits {
		if ans, ok := a.show(h); ok && len(out.Answers) < maxAnswers {
			out.Answers = append(out.Answers, ans)
		}
	}
	if len(out.Answers) == 0 {
		return a.plain("unknown", "say.unknown")
	}
	first := out.Answers[0]
	out.Kind, out.Reply = first.Kind, first.Text
	if out.Kind == "job" || out.Kind == "initiative" {
		out.Kind = "article" // the contract has no kind of reply for them
	}
	if out.Reply == "" {
		out.Reply = first.Title
	}
	return out
}

// courses answers with courses: those that explain the words best, the nearest
// first among equals, with the honest words when none is near.
func (a *asking) courses(hits []search.Hit) Answers {
	scores := map[string]search.Hit{}
	var ids []string
	best := 0.0
	for _, h := range hits {
		if h.Kind == search.CourseKind {
			ids = append(ids, h.ID)
			scores[h.ID] = h
			best = max(best, h.Score)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return scores[id].Score < best-leeway })
	near := a.near()
	filter := search.Filter{IDs: ids, Near: near, Limit: -1, Levels: a.levels(), Interest: a.p.Interest}
	a.narrow(&filter)
	res := a.k.Courses.Find(filter)
	if res.Total == 0 { // the levels or forms leave nothing: show what there is
		res = a.k.Courses.Find(search.Filter{IDs: ids, Near: near, Limit: -1})
	}
	slices.SortStableFunc(res.Courses, func(x, y search.Found) int {
		sx, sy := scores[x.Course.ID].Score, scores[y.Course.ID].Score
		sx, sy = sx+(1-sx)*a.fit(x.Course), sy+(1-sy)*a.fit(y.Course)
		if near == "" {
			return cmp.Compare(sy, sx)
		}
		return cmp.Or(cmp.Compare(step(sy), step(sx)), cmp.Compare(away(x), away(y)))
	})
	res.Courses = res.Courses[:min(len(res.Courses), maxAnswers-extras)]
	out := a.list(res, near, func(id string) (float64, string) { return scores[id].Score, why(scores[id]) })
	for _, h := range hits {
		if h.Kind == search.CourseKind || h.Kind == search.PlaceKind || h.Score < minMore || len(out.Answers) >= maxAnswers {
			continue
		}
		if ans, ok := a.show(h); ok {
			out.Answers = append(out.Answers, ans)
		}
	}
	return out
}

// The share of what lacks to 1 that a course gains in the list by what the asker
// said beside its words.
const (
	rightField = 0.3 // it belongs to a field that he names
	rightDesk  = 0.5 // its provider is there for who asks: VDAB for jobseekers
)

// fit is that share for one course.
func (a *asking) fit(c *catalogue.Course) float64 {
	f := 0.0
	for _, s := range a.m.Slots {
		if s.Name == "interest" && slices.Contains(c.Fields, catalogue.Field(s.Value)) {
			f = rightField
		}
	}
	if c.Provider == "VDAB" && a.k.Index.Synonyms().Holds("jobseeker", a.m.Plain) {
		f += rightDesk
	}
	return f
}

// step is the bucket that a score falls in.
func step(score float64) int { return int(score/bucket + 0.5) }

// away is how far a course is; one without a known place is the farthest.
func away(f search.Found) float64 {
	if len(f.Offers) == 0 || f.Offers[0].DistanceKm == nil {
		return math.Inf(1)
	}
	return *f.Offers[0].DistanceKm
}

// list turns courses into answers.
func (a *asking) list(res search.Result, near string, score func(id string) (float64, string)) Answers {
	out := Answers{Kind: "courses"}
	v := a.b.View(a.l, near)
	v.Interest, v.Profile = a.p.Interest, a.p
	for _, f := range res.Courses {
		c := v.Course(f)
		n, why := score(c.ID)
		ans := Answer{
			Kind: "course", ID: c.ID, Title: c.Title, Text: c.Summary, Source: c.Source, AsOf: c.AsOf,
			Score: round(n), Course: &c, Stale: c.Stale,
		}
		if len(c.Offers) > 0 {
			ans.URL = c.Offers[0].URL
		}
		if a.q.Explain {
			ans.Why = why
		}
		out.Answers = append(out.Answers, ans)
	}
	out.Reply = a.coursesReply(res, near)
	if slices.Contains(a.m.Intents, understand.AskPrice) && len(out.Answers) > 0 {
		out.Reply = a.priceReply(*out.Answers[0].Course)
	}
	return out
}

// priceReply says what the course costs as a dated fact, or that it is unknown.
func (a *asking) priceReply(c Course) string {
	for _, o := range c.Offers {
		args := map[string]any{"Title": c.Title, "Institution": o.Institution, "AsOf": o.AsOf}
		switch {
		case o.PriceEUR != nil && *o.PriceEUR > 0:
			args["Price"] = phrase.Number(a.l, *o.PriceEUR)
			return a.say("ask.price", args)
		case o.PriceEUR != nil:
			return a.say("ask.price.free", args)
		case o.PriceNote != "":
			return c.Title + ": " + o.PriceNote
		}
	}
	return a.say("ask.price.unknown", map[string]any{"Title": c.Title})
}

// coursesReply says how many there are, and whether one is near.
func (a *asking) coursesReply(res search.Result, near string) string {
	reply := a.say("ask.courses", map[string]any{"Count": res.Total})
	if near == "" || len(res.Courses) == 0 {
		return reply
	}
	place := placeName(a.k.Catalogue, near, a.l)
	closest, known := res.Courses[0], false
	for _, f := range res.Courses {
		if len(f.Offers) > 0 && f.Offers[0].DistanceKm != nil {
			d := f.Offers[0].DistanceKm
			if !known || *d < *closest.Offers[0].DistanceKm {
				closest, known = f, true
			}
		}
	}
	switch {
	case !known:
		return reply + " " + a.say("ask.courses.noplace", nil)
	case !a.sameCommune(closest.Offers[0], near):
		return reply + " " + a.say("ask.courses.nonear", map[string]any{
			"Place": place, "Km": *closest.Offers[0].DistanceKm, "Commune": a.commune(closest.Offers[0]),
		})
	}
	return reply
}

// commune is the name of an offer's commune in the asker's language.
func (a *asking) commune(o search.At) string {
	if m, ok := a.k.Catalogue.CommuneOf(o.Offer.Postcode, o.Offer.Commune); ok {
		return m.Name.In(a.l)
	}
	return o.Offer.Commune
}

func (a *asking) sameCommune(o search.At, near string) bool {
	x, ok1 := a.k.Catalogue.CommuneOf(o.Offer.Postcode, o.Offer.Commune)
	y, ok2 := a.k.Catalogue.Postcode(near)
	return ok1 && ok2 && x == y
}

// near is the postcode to measure from: said in the question, given with it,
// or known from the conversation.
func (a *asking) near() string {
	if v := a.slot("place"); v != "" {
		return v
	}
	if a.q.Near != "" {
		return a.q.Near
	}
	return a.p.Postcode
}

// slot is the certain value of a slot in the question.
func (a *asking) slot(name string) string {
	for _, s := range a.m.Slots {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// unsure reports whether the question may hold a value of a slot.
func (a *asking) unsure(name string) bool {
	return slices.ContainsFunc(a.m.Unsure, func(s understand.Slot) bool { return s.Name == name })
}

// levels are those that the text names, or else those that the asker can take
// next, when his stage is known.
func (a *asking) levels() []catalogue.Level {
	if levels := levelsIn(a.m.Text); len(levels) > 0 {
		return levels
	}
	stage := a.slot("stage")
	if after := a.after(); after != "" {
		stage = after
	} else if stage == "" {
		return nil
	} else if level := catalogue.Level(stage); !a.follows() && slices.Contains(catalogue.Levels, level) {
		return []catalogue.Level{level} // "natural sciences, third year"
	}
	st := dialogue.State{Ans: []dialogue.Answer{{Slot: "stage", Values: []string{stage}}}}
	if track := a.slot("track"); track != "" {
		st.Ans = append(st.Ans, dialogue.Answer{Slot: "track", Values: []string{track}})
	}
	levels, _ := a.k.Tree.Levels(st)
	return levels
}

// after is the stage that the text looks beyond, and says nothing else of where
// somebody stands: "chemistry after year 6".
func (a *asking) after() string {
	stage := ""
	for _, s := range slices.Concat(a.m.Slots, a.m.Unsure) {
		switch first, _, _ := strings.Cut(s.Words, " "); {
		case s.Name == "track" || s.Name == "finality":
			return ""
		case s.Name == "stage" && (first == "na" || first == "apres" || first == "after"):
			stage = s.Value
		}
	}
	return stage
}

// follows reports whether the text says where somebody is at school now, rather
// than the year that is looked for.
func (a *asking) follows() bool {
	for w := range strings.FieldsSeq(a.m.Plain) {
		if slices.Contains(following, w) {
			return true
		}
	}
	return false
}

// following are folded words of saying where one is: "ik zit in", "my son is in".
var following = []string{
	"ik", "zit", "ben", "volg", "doe", "zoon", "dochter", "kind", "leerling", "je", "j", "suis", "fais", "fils", "fille", "enfant", "eleve",
	"i", "im", "am", "m", "son", "daughter", "child", "kid", "pupil", "student",
}

// narrow adds the filters that the words of the question name.
func (a *asking) narrow(f *search.Filter) {
	for _, s := range a.m.Slots {
		switch s.Name {
		case "finality":
			f.Finality = append(f.Finality, catalogue.Finality(s.Value))
		case "form":
			f.Form = append(f.Form, catalogue.Form(s.Value))
		case "reach":
			f.Reach = catalogue.Reach(s.Value)
		}
	}
	if a.m.Km > 0 {
		f.RadiusKm = a.m.Km
	}
	f.Providers = providersIn(a.m.Text)
}

// providersIn lists the providers that a folded text names.
func providersIn(text string) []catalogue.Provider {
	var named []catalogue.Provider
	for w := range strings.FieldsSeq(text) {
		for _, p := range catalogue.Providers {
			if strings.EqualFold(w, string(p)) && p != "SO" && p != "HO" && !slices.Contains(named, p) {
				named = append(named, p)
			}
		}
	}
	return named
}

func interests(slots []understand.Slot) []catalogue.Field {
	var fields []catalogue.Field
	for _, s := range slots {
		if s.Name == "interest" {
			fields = append(fields, catalogue.Field(s.Value))
		}
	}
	return fields
}

// byProfile answers a question that names only a field, a place or a stage.
func (a *asking) byProfile() (Answers, bool) {
	fields := interests(a.m.Slots)
	if len(fields) == 0 {
		fields = interests(a.m.Unsure)
	}
	if len(fields) == 0 && a.slot("place") == "" && a.slot("finality") == "" && a.slot("form") == "" {
		return Answers{}, false
	}
	near := a.near()
	f := search.Filter{Fields: fields, Interest: fields, Near: near, Limit: maxAnswers, Levels: a.levels()}
	a.narrow(&f)
	res := a.k.Courses.Find(f)
	if res.Total == 0 {
		return Answers{}, false
	}
	a.p.Interest = fields
	return a.list(res, near, func(string) (float64, string) { return scoreAnswer, "field" }), true
}

// show turns a hit that is no course into an answer.
func (a *asking) show(h search.Hit) (Answer, bool) {
	ans := Answer{Kind: string(h.Kind), ID: h.ID, Score: round(h.Score)}
	if a.q.Explain {
		ans.Why = why(h)
	}
	switch h.Kind {
	case search.CourseKind:
		c, ok := a.k.Catalogue.Course(h.ID)
		if !ok {
			return ans, false
		}
		res := a.k.Courses.Find(search.Filter{IDs: []string{h.ID}, Near: a.near(), Limit: 1})
		if len(res.Courses) == 1 {
			view := a.b.View(a.l, a.near()).Course(res.Courses[0])
			ans.Course = &view
		}
		ans.Title, ans.Text, ans.Source, ans.AsOf = c.Title.In(a.l), c.Summary.In(a.l), c.Source, c.AsOf
	case search.ArticleKind:
		art, ok := a.k.Library.Article(h.ID)
		if !ok {
			return ans, false
		}
		a.article(&ans, art)
	case search.TermKind:
		t, ok := a.k.Library.Term(h.ID)
		if !ok {
			return ans, false
		}
		ans.Title, ans.Text, ans.Source, ans.AsOf = t.Name.In(a.l), t.Text.In(a.l), t.Source, t.AsOf
		if a.l != catalogue.NL && t.Name.NL != ans.Title {
			ans.Title += " (" + t.Name.NL + ")"
		}
	case search.RuleKind:
		r, ok := a.k.Paths.Rule(h.ID)
		if !ok {
			return ans, false
		}
		why := ans.Why
		ans = a.rule(r)
		ans.Score, ans.Why = round(h.Score), why
	case search.InitiativeKind:
		n, ok := a.k.Library.Initiative(h.ID)
		if !ok {
			return ans, false
		}
		ans.Title, ans.Text, ans.URL, ans.Source, ans.AsOf = n.Name, n.Text.In(a.l), n.URL, n.Source, n.AsOf
	case search.JobKind:
		j, ok := a.k.Library.Job(h.ID)
		if !ok {
			return ans, false
		}
		a.job(&ans, j)
	case search.PlaceKind:
		ans.Title = placeName(a.k.Catalogue, h.ID, a.l)
		ans.Text = a.say("ask.place.found", map[string]any{"Place": ans.Title})
	default:
		return ans, false
	}
	return ans, true
}

// why tells how a hit was found, for people who mend the word lists: the
// weakest way among its words, how many of them it explains, and what was mended.
func why(h search.Hit) string {
	if h.Words == 0 {
		return h.Why
	}
	s := fmt.Sprintf("%s, %d of %d words", h.Why, h.Matched, h.Words)
	for _, w := range slices.Sorted(maps.Keys(h.Corrected)) {
		s += fmt.Sprintf(", %s read as %s", w, h.Corrected[w])
	}
	return s
}

// article fills an answer from an article: what it says, and the source and
// date of its first statement, which answers by itself.
func (a *asking) article(ans *Answer, art *library.Article) {
	ans.Title = art.Title.In(a.l)
	parts := make([]string, len(art.Body))
	for i, s := range art.Body {
		parts[i] = strings.TrimSpace(s.Text.In(a.l))
	}
	ans.Text = strings.Join(parts, " ")
	first := art.Body[0]
	ans.Source, ans.AsOf, ans.URL = first.Source, first.AsOf, first.URL
	ans.Stale = catalogue.Stale(catalogue.RuleFact, first.AsOf, a.b.now())
}

// job fills an answer from a shortage job: on which lists, of which year.
func (a *asking) job(ans *Answer, j *library.Job) {
	ans.Title = j.Name.In(a.l)
	if a.l != catalogue.NL && j.Name.NL != ans.Title {
		ans.Title += " (" + j.Name.NL + ")"
	}
	var lists []string
	for _, x := range j.Lists {
		lists = append(lists, x.By+" "+x.Year)
	}
	ans.Text = a.say("ask.job", map[string]any{"Lists": strings.Join(lists, ", ")})
	ans.Source, ans.AsOf = j.Lists[0].Source, j.Lists[0].Year
}

// desks are the places of help of these kinds, those in the asker's language first.
func (a *asking) desks(kinds ...string) []Answer {
	var here, others []Answer
	for i := range a.k.Library.Desks {
		d := &a.k.Library.Desks[i]
		if !slices.Contains(kinds, d.Kind) {
			continue
		}
		contact := []string{d.Text.In(a.l)}
		for _, s := range []string{d.Phone, d.Chat, d.Hours.In(a.l)} {
			if s != "" {
				contact = append(contact, s)
			}
		}
		ans := Answer{
			Kind: "place", ID: d.ID, Title: d.Name, Text: strings.Join(contact, " · "), URL: d.URL,
			Source: d.Source, AsOf: d.AsOf, Score: 1, Stale: catalogue.Stale(catalogue.OfferFact, d.AsOf, a.b.now()),
		}
		if slices.Contains(d.Langs, a.l) {
			here = append(here, ans)
		} else {
			others = append(others, ans)
		}
	}
	all := append(here, others...)
	if len(here) > 0 && slices.Contains(kinds, "helpline") {
		all = here // in need, one does not choose among lines that cannot help
	}
	return all[:min(len(all), 5)]
}

func round(f float64) float64 { return float64(int(f*100+0.5)) / 100 }

// SearchCourses finds courses by words and by filter: the words decide which,
// the filter narrows them. Empty words leave the filter alone.
func (b *Bot) SearchCourses(ctx context.Context, words string, f search.Filter, l catalogue.Lang) (search.Result, error) {
	k := b.Knowledge()
	if strings.TrimSpace(words) == "" {
		return k.Courses.Find(f), nil
	}
	m := k.Reader.Read(words)
	hits, err := k.Index.Find(ctx, search.Query{Words: m.Rest, Lang: l, Kinds: []search.Kind{search.CourseKind}, Limit: len(k.Catalogue.Courses)})
	if err != nil {
		return search.Result{}, err
	}
	f.IDs = []string{}
	for _, h := range hits {
		if h.Score >= scoreAnswer {
			f.IDs = append(f.IDs, h.ID)
		}
	}
	for _, s := range m.Slots {
		if s.Name == "place" && f.Near == "" {
			f.Near = s.Value
		}
	}
	return k.Courses.Find(f), nil
}
