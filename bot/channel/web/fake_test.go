package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// fake is a small conversation: five questions, a list, and the verbs. It
// remembers like the bot: state by visitor, replies by key.
type fake struct {
	mu      sync.Mutex
	talks   map[bot.Visitor]*talk
	replies map[string]bot.Reply
	turns   int   // applied, not repeated
	fail    error // what Answer returns when set
	last    bot.Update
}

type talk struct {
	lang  catalogue.Lang
	step  int
	turn  int
	saved []string
}

func newFake() *fake {
	return &fake{talks: map[bot.Visitor]*talk{}, replies: map[string]bot.Reply{}}
}

func (f *fake) Sorry(u bot.Update) bot.Reply {
	return bot.Reply{Language: u.Lang, Messages: []bot.Message{{Text: "Er ging iets mis bij ons. Probeer het straks opnieuw."}}}
}

func (f *fake) Answer(_ context.Context, u bot.Update) (bot.Reply, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = u
	if f.fail != nil {
		return bot.Reply{}, f.fail
	}
	key := string(u.Visitor) + " " + u.Key
	if r, ok := f.replies[key]; u.Key != "" && ok {
		return r, nil
	}
	t := f.talks[u.Visitor]
	if t == nil {
		t = &talk{}
		f.talks[u.Visitor] = t
	}
	if t.lang == "" || u.Switch {
		t.lang = u.Lang
	}
	messages, ok := t.say(u)
	if !ok {
		return bot.Reply{}, fmt.Errorf("choice is unknown here: %w", bot.ErrInput)
	}
	t.turn++
	f.turns++
	r := bot.Reply{Session: u.Visitor, Language: t.lang, Turn: t.turn, Messages: messages, Saved: slices.Clone(t.saved)}
	switch {
	case strings.HasPrefix(u.Text, "bonjour"):
		r.Offer = catalogue.FR
	case slices.Equal(u.Choices, []string{"export"}):
		r.Export = &bot.Export{Language: t.lang, Profile: bot.Profile{Role: "pupil", Place: "1080"}, Saved: t.saved, Answers: []bot.Given{{Slot: "role", Values: []string{"pupil"}, Turn: 2}}}
	case slices.Equal(u.Choices, []string{"forget"}):
		delete(f.talks, u.Visitor)
		r.Forgotten, r.Saved = true, nil
		return r, nil
	}
	if u.Key != "" {
		f.replies[key] = r
	}
	return r, nil
}

// say acts on an update; ok is false for a choice that cannot be read.
func (t *talk) say(u bot.Update) (out []bot.Message, ok bool) {
	if len(u.Choices) > 0 {
		return t.press(u.Choices)
	}
	text := strings.ToLower(u.Text)
	switch {
	case strings.Contains(text, "er niet meer zijn"):
		return []bot.Message{{Kind: "crisis", Text: "Wat je schrijft, raakt me. Je staat er niet alleen voor. Praat nu met iemand: dat helpt.", Answers: []bot.Answer{{
			Kind: "place", ID: "help-lines", Title: "Wie luistert als het niet goed gaat?",
			Text:   "Je bent niet alleen: Awel (102) en de Zelfmoordlijn (1813) luisteren, gratis en anoniem. Bel 112 bij direct gevaar. · https://www.awel.be",
			Source: "Zelfmoordlijn 1813 en VRT over Awel", AsOf: "2021-11", URL: "https://zelfmoord1813.be/",
		}}, Choices: []bot.Choice{{ID: "handover", Label: "Praat met iemand"}, {ID: "continue", Label: "Verder met studiekeuze"}}}}, true
	case strings.Contains(text, "dubbele finaliteit"):
		return append([]bot.Message{{Kind: "aside", Text: double, Answers: []bot.Answer{{
			Kind: "article", ID: "so-double", Title: "Wat is dubbele finaliteit?",
			Text:   double,
			Source: "https://www.onderwijskiezer.be/v2/secundair/ ; Report Voorsprongfonds 2023, section 3.2", AsOf: "2023", URL: "https://www.onderwijskiezer.be/", Score: .93, Stale: true,
		}}}}, t.ask()), true
	case u.Location != nil, text != "" && t.step < len(questions):
		t.step = min(t.step+1, len(questions))
	case u.Text == "" && t.step == 0:
		return append([]bot.Message{{Text: hello[t.lang]}}, t.ask()), true
	}
	return t.here(), true
}

func (t *talk) press(choices []string) ([]bot.Message, bool) {
	verb, arg, _ := strings.Cut(choices[0], ":")
	switch verb {
	case "results", "continue", "skip", "why", "handover", "saved", "lang", "more", "change":
		if verb == "skip" {
			t.step = min(t.step+1, len(questions))
		}
		if verb == "lang" {
			t.lang = catalogue.Lang(arg)
		}
		return t.here(), true
	case "1": // a token
		t.step = min(t.step+1, len(questions))
		return t.here(), true
	case "back":
		t.step = max(t.step-1, 0)
		return t.here(), true
	case "restart":
		t.step = 0
		return append([]bot.Message{{Text: "Goed, we beginnen opnieuw."}}, t.ask()), true
	case "help":
		return append([]bot.Message{{Text: "Typ je antwoord of stel een vraag. Je kunt altijd terug, overslaan of opnieuw beginnen."}}, t.ask()), true
	case "forget":
		return []bot.Message{{Text: "Alles is gewist. Er is niets meer van je bewaard.", Choices: []bot.Choice{{ID: "restart", Label: "Opnieuw"}, {ID: "results", Label: "Begin opnieuw"}}}}, true
	case "export":
		return []bot.Message{{Text: "Ik bewaar 1 antwoord van je.", Choices: []bot.Choice{{ID: "continue", Label: "Ga verder"}}}}, true
	case "save":
		t.saved = append(t.saved, arg)
		return []bot.Message{{Text: "Bewaard. Er staat nu 1 opleiding op je lijst.", Choices: []bot.Choice{{ID: "saved", Label: "Toon mijn lijst"}, {ID: "results", Label: "Naar de resultaten"}}}}, true
	case "unsave":
		t.saved = slices.DeleteFunc(t.saved, func(s string) bool { return s == arg })
		return []bot.Message{{Text: "Weggehaald."}}, true
	case "details", "pathway":
		return []bot.Message{{Kind: "details", Text: "Dit is wat ik weet over Elektrotechnieken.", Courses: courses()[:1], Choices: []bot.Choice{{ID: "save:so-elektrotechnieken-2", Label: "Bewaar"}, {ID: "results", Label: "Naar de resultaten"}}}}, true
	case "compare":
		return []bot.Message{{Kind: "compare", Text: "Hier staan 3 richtingen naast elkaar.", Courses: courses(), Choices: []bot.Choice{{ID: "results", Label: "Naar de resultaten"}}}}, true
	}
	return nil, false
}

// here is where the visitor stands.
func (t *talk) here() []bot.Message {
	if t.step < len(questions) {
		return []bot.Message{t.ask()}
	}
	return []bot.Message{
		{Text: "In Molenbeek ken ik geen plaats. Ik zoek nu in heel Brussel."},
		{Kind: "results", Text: "Ik vond 12 richtingen die passen. Hier zijn 1 tot 3.", Courses: courses()},
		{Text: "Eerst staat wat het best bij je interesses past. Daarna wat het dichtst is.", Choices: []bot.Choice{
			{ID: "more", Label: "Toon er meer", Token: "1:6:more:"},
			{ID: "compare", Label: "Vergelijk"},
			{ID: "change:interest", Label: "Andere interesse", Token: "1:6:change:interest"},
			{ID: "handover", Label: "Praat met iemand"},
			{ID: "restart", Label: "Opnieuw"},
			{ID: "back", Label: "Terug"},
		}},
	}
}

func (t *talk) ask() bot.Message {
	if t.step >= len(questions) {
		return bot.Message{Text: "Wil je nog iets weten?"}
	}
	q := questions[t.step]
	m := bot.Message{Text: q.text[t.lang], Ask: &bot.Ask{Slot: q.slot, Multiple: q.slot == "interest", FreeText: true, Location: q.slot == "place"}}
	for _, c := range q.choices {
		id, label, _ := strings.Cut(c, "|")
		m.Choices = append(m.Choices, bot.Choice{ID: id, Label: label, Token: fmt.Sprintf("1:%d:%s:%s", t.turn+1, q.slot, id)})
	}
	m.Choices = append(m.Choices, bot.Choice{ID: "skip", Label: "Sla over", Token: fmt.Sprintf("1:%d:skip:", t.turn+1)}, bot.Choice{ID: "why", Label: "Waarom vraag je dat?"})
	return m
}

const double = "Na een richting met dubbele finaliteit kun je gaan werken. Je kunt ook verder studeren: een graduaat, een professionele bachelor of een academische bachelor.\n\nToegang is niet hetzelfde als goed voorbereid zijn. Vraag het aan je leerkrachten of aan je CLB."

var hello = map[catalogue.Lang]string{
	"nl": "Dag! Ik ben Wegwijs. Ik zoek samen met jou een technische studie in het Nederlands, in of rond Brussel. Stel gerust een vraag, of kies een knop.",
	"fr": "Bonjour ! Je suis Wegwijs. Je cherche avec toi des études techniques en néerlandais, à Bruxelles ou autour. Pose une question ou choisis un bouton.",
	"en": "Hello! I am Wegwijs. I help you find technical studies in Dutch, in or around Brussels. Ask a question or choose a button.",
}

type question struct {
	slot    string
	text    map[catalogue.Lang]string
	choices []string
}

var questions = []question{
	{"role", map[catalogue.Lang]string{"nl": "Voor wie zoek je?", "fr": "Pour qui cherches-tu ?", "en": "Who are you looking for?"}, []string{"pupil|Voor mezelf, ik zit op school", "parent|Voor mijn kind", "counsellor|Ik begeleid leerlingen", "adult|Voor mezelf, ik ben volwassen"}},
	{"stage", map[catalogue.Lang]string{"nl": "In welk jaar zit je nu?", "fr": "En quelle année es-tu ?", "en": "Which year are you in?"}, []string{"primary|5de of 6de leerjaar", "grade1|1ste of 2de middelbaar", "grade2|3de of 4de middelbaar", "grade3|5de of 6de middelbaar", "okan|OKAN"}},
	{"interest", map[catalogue.Lang]string{"nl": "Wat vind je leuk? Kies er hoogstens vijf.", "fr": "Qu'est-ce que tu aimes ?", "en": "What do you like?"}, []string{"ict|💻 Computers en programmeren", "electricity|⚡ Elektriciteit", "electronics-automation|🤖 Elektronica en robots", "vehicles|🚗 Auto's en voertuigen", "construction|🏗️ Bouw", "wood|🪵 Hout", "chemistry|🧪 Chemie", "architecture-design|📐 Architectuur en ontwerp", "graphics-media|🎨 Grafische media", "quiz|Ik weet het nog niet: doe de korte quiz"}},
	{"place", map[catalogue.Lang]string{"nl": "Waar woon je? Typ je postcode of je gemeente.", "fr": "Où habites-tu ?", "en": "Where do you live?"}, nil},
	{"reach", map[catalogue.Lang]string{"nl": "Hoe ver mag het zijn?", "fr": "Jusqu'où peux-tu aller ?", "en": "How far can you travel?"}, []string{"commune|In mijn gemeente", "brussels|Heel Brussel", "around|Brussel en de rand", "anywhere|Maakt niet uit"}},
}

func ptr[T any](v T) *T { return &v }

// courses are three of the catalogue, as the bot shows them.
func courses() []bot.Course {
	const src = "Report Voorsprongfonds 2023, Bijlage 10 ; https://elektroclubvoorleerkrachten.be/elektrotechnische-richtingen-de-2e-graad"
	return []bot.Course{
		{
			ID: "so-elektrotechnieken-2", Provider: "SO", Level: "grade2", Finality: "dubbel", Title: "Elektrotechnieken", TitleNL: "Elektrotechnieken",
			FormerTitles: []string{"Elektriciteit-elektronica"},
			Summary:      "Je leert over elektriciteit en elektronica, van domotica tot zonnepanelen en laadpalen. Daarna kun je werken of een professionele bachelor volgen.",
			Admission:    []string{"Je start na het tweede jaar met een A-attest. Een B-attest kan ook, als het deze richting niet uitsluit."},
			Doors:        "Hierna kun je werken, of verder naar een graduaat of een bachelor.", Shortage: true,
			Source: src, AsOf: "2023", Confidence: "high",
			Why: []bot.Why{{Code: "interest", Text: "Past bij: elektriciteit"}, {Code: "distance", Text: "1,4 km van 1080 Molenbeek"}},
			Offers: []bot.Offer{
				{ID: "o1", Institution: "Don Bosco Technisch Instituut", Street: "Leopold II-laan 195", Postcode: "1080", Commune: "Sint-Jans-Molenbeek", DistanceKm: ptr(1.4), Form: []catalogue.Form{"voltijds"}, Duration: "2 jaar", TeachingLanguage: "nl", PriceNote: "Vraag de school hoeveel een jaar kost.", URL: "https://donboscobrussel.be/?page_id=235", Source: "https://donboscobrussel.be/?page_id=235", AsOf: "undated", Confidence: "high"},
				{ID: "o2", Institution: "GO! atheneum Anderlecht", Street: "Sint-Guidostraat 73", Postcode: "1070", Commune: "Anderlecht", DistanceKm: ptr(2.8), Approximate: true, Form: []catalogue.Form{"voltijds", "duaal"}, Source: "http://kaa.vgc.be/praktisch.html", AsOf: "2015-06", Confidence: "medium", Stale: true},
			},
		},
		{
			ID: "so-technologische-wetenschappen-2", Provider: "SO", Level: "grade2", Finality: "doorstroom", Title: "Sciences technologiques", TitleNL: "Technologische wetenschappen",
			Summary: "Je krijgt veel wiskunde, wetenschappen en techniek. Je onderzoekt hoe dingen werken en ontwerpt zelf oplossingen.",
			Doors:   "Hierna kun je naar een professionele of een academische bachelor.",
			Source:  "Report Voorsprongfonds 2023, Bijlage 10", AsOf: "2023", Confidence: "high",
			Why:    []bot.Why{{Code: "interest", Text: "Past bij: elektronica en robots"}},
			Offers: []bot.Offer{},
		},
		{
			ID: "syntra-installateur", Provider: "Syntra", Level: "training", Title: "Elektrotechnisch installateur", TitleNL: "Elektrotechnisch installateur",
			Summary: "Je leert elektriciteit leggen en keuren. Je leert ook hoe je een zaak start.", Dual: true,
			Source: "https://www.syntrabrussel.be/ ; Report Voorsprongfonds 2023, section 3.5", AsOf: "2023", Confidence: "low", Stale: true,
			Offers: []bot.Offer{{ID: "o3", Institution: "Syntra Brussel", Campus: "Tour & Taxis", Street: "Havenlaan 86C", Postcode: "1000", Commune: "Brussel", DistanceKm: ptr(1.1), Form: []catalogue.Form{"avond", "weekend"}, PriceEUR: ptr(1240.0), PriceNote: "Prijs van 2023: kijk het na.", Source: "Report Voorsprongfonds 2023, section 3.5", AsOf: "2023", Confidence: "medium", Stale: true}},
		},
	}
}
