package pathway

import (
	"slices"

	"wegwijs/knowledge/catalogue"
)

// A Start is what somebody follows or has finished. One of the ways to say it
// is enough; the first of Standing, CourseID, Level and Stage that is set
// counts. The zero Start is unknown.
type Start struct {
	Standing string // id of a Standing: "no-diploma", "french-diploma", "foreign-diploma"
	CourseID string
	Level    catalogue.Level
	Finality catalogue.Finality
	Stage    catalogue.Stage
	Track    catalogue.Track // with Stage, Level or alone; it also tells 2A from 2B for a course
}

// A Goal is where somebody wants to go. The zero Goal asks for all that is open.
type Goal struct {
	CourseID string
	// Levels are levels of the catalogue, or "work".
	Levels []catalogue.Level
	Fields []catalogue.Field // with Levels: courses of these fields; alone: work in them
	Job    string            // id of a shortage job: courses that prepare for it
}

func (s Start) zero() bool { return s == Start{} }

func (g Goal) zero() bool {
	return g.CourseID == "" && len(g.Levels) == 0 && len(g.Fields) == 0 && g.Job == ""
}

// What an Answer may ask: the question whose answer decides.
const (
	AskGraduated = "graduated" // in which year did you finish?
	AskTrack     = "track"     // which track did you follow?
	AskDiploma   = "diploma"   // do you have a secondary diploma?
	AskYear7     = "year7"     // which 7th year: preparatory or specialisation?
	AskStage     = "stage"     // where are you now?
)

// The Junes at which the reform changed what a certificate opens.
const (
	firstDiploma = 2025 // the first labour-market diploma of year 6
	lastOldYear7 = 2025 // the last diploma of the old 7th year bso
)

// branches are the standings that a Start may mean, the likeliest first, and
// what to ask when there are several.
func (p *Paths) branches(s Start, graduated int) (at []int, ask string) {
	var ids []string
	switch {
	case s.zero():
		ids, ask = []string{"2A", "2B", "diploma-so", "no-diploma"}, AskStage
	case s.Standing != "":
		ids = []string{s.Standing}
	case s.CourseID != "":
		return p.courseBranches(s, graduated)
	case s.Level != "":
		ids, ask = p.levelBranches(s, graduated)
	default:
		ids, ask = stageBranches(s, graduated)
	}
	for _, id := range ids {
		if i, ok := p.standing[id]; ok {
			at = append(at, i)
		}
	}
	return at, ask
}

// courseBranches reads a course as what was finished.
func (p *Paths) courseBranches(s Start, graduated int) ([]int, string) {
	c, ok := p.catalogue.Course(s.CourseID)
	if !ok {
		return nil, ""
	}
	at := p.of[c.ID]
	if i, ok := p.standing[string(s.Track)]; ok && slices.Contains(at, i) {
		return []int{i}, ""
	}
	if len(at) > 1 {
		return at, AskTrack
	}
	if len(at) == 1 && p.Standings[at[0]].ID == "grade3-arbeidsmarkt" {
		return p.branches(Start{Stage: "grade3", Track: "arbeidsmarkt"}, graduated)
	}
	if len(at) == 1 && p.Standings[at[0]].ID == "year7-special" && finality(s.Track) != "" && s.Track != "arbeidsmarkt" {
		return p.branches(Start{Stage: "year7", Track: s.Track}, graduated)
	}
	return at, ""
}

// levelBranches reads a level of the catalogue, with the finality if it has one.
func (p *Paths) levelBranches(s Start, graduated int) (ids []string, ask string) {
	track := s.Track
	if track == "" {
		track = catalogue.Track(s.Finality)
	}
	switch s.Level {
	case "grade1", "grade2", "grade3", "year7":
		return stageBranches(Start{Stage: catalogue.Stage(s.Level), Track: track}, graduated)
	}
	for i := range p.Standings {
		if p.Standings[i].Match.Level == s.Level {
			ids = append(ids, p.Standings[i].ID)
		}
	}
	return ids, ""
}

// finality is the finality that a track names; "" for a stream or an unknown one.
func finality(t catalogue.Track) catalogue.Finality {
	if slices.Contains(catalogue.Finalities, catalogue.Finality(t)) {
		return catalogue.Finality(t)
	}
	return ""
}

// perFinality puts the three finalities behind a prefix.
func perFinality(prefix string) (ids []string) {
	for _, f := range catalogue.Finalities {
		ids = append(ids, prefix+string(f))
	}
	return ids
}

// stageBranches reads where the learner is now and the track followed there.
func stageBranches(s Start, graduated int) (ids []string, ask string) {
	f := finality(s.Track)
	stage := s.Stage
	if stage == "" {
		stage = "grade3"
		if f == "" {
			stage = "grade1"
		}
	}
	switch stage {
	case "primary":
		if s.Track == "1B" {
			return []string{"primary-no-certificate"}, ""
		}
		return []string{"primary"}, ""
	case "grade1":
		if slices.Contains([]catalogue.Track{"1A", "1B", "2A", "2B"}, s.Track) {
			return []string{string(s.Track)}, ""
		}
		return []string{"2A", "2B"}, AskTrack
	case "grade2":
		if f == "" {
			return perFinality("grade2-"), AskTrack
		}
		return []string{"grade2-" + string(f)}, ""
	case "grade3":
		return grade3Branches(f, graduated)
	case "year7":
		return year7Branches(f, graduated)
	case "diploma":
		return diplomaBranches(f, graduated)
	case "working", "jobseeker":
		if f == "" {
			return []string{"no-diploma", "diploma-so"}, AskDiploma
		}
		ids, _ = diplomaBranches(f, graduated)
		return append(ids, "no-diploma"), AskDiploma
	case "left":
		return []string{"no-diploma"}, ""
	case "okan", "higher":
		return []string{string(stage)}, ""
	}
	return nil, ""
}

// grade3Branches: the year decides what year 6 of the labour-market finality
// gives; it decides nothing for the other two.
func grade3Branches(f catalogue.Finality, graduated int) ([]string, string) {
	switch {
	case f == "":
		return perFinality("grade3-"), AskTrack
	case f != catalogue.Arbeidsmarkt || graduated >= firstDiploma:
		return []string{"grade3-" + string(f)}, ""
	case graduated != 0:
		return []string{"bso6-certificate"}, ""
	}
	return []string{"grade3-arbeidsmarkt", "bso6-certificate"}, AskGraduated
}

// year7Branches: after doorstroom and dubbel the diploma of year 6 decides.
func year7Branches(f catalogue.Finality, graduated int) ([]string, string) {
	switch {
	case f == catalogue.Doorstroom || f == catalogue.Dubbel:
		return []string{"grade3-" + string(f)}, ""
	case graduated == 0:
		return []string{"year7-prep", "year7-special", "bso7-diploma"}, AskGraduated
	case graduated <= lastOldYear7:
		return []string{"bso7-diploma"}, ""
	}
	return []string{"year7-prep", "year7-special"}, AskYear7
}

// diplomaBranches: somebody with a diploma; until June 2024 every diploma was
// one of the old structure, and that of bso came after its 7th year.
func diplomaBranches(f catalogue.Finality, graduated int) ([]string, string) {
	old := graduated != 0 && graduated < firstDiploma
	switch {
	case old && f == catalogue.Arbeidsmarkt:
		return []string{"bso7-diploma"}, ""
	case old:
		return []string{"old-diploma"}, ""
	case f == "":
		return perFinality("grade3-"), AskTrack
	case f != catalogue.Arbeidsmarkt || graduated > lastOldYear7:
		return []string{"grade3-" + string(f)}, ""
	case graduated == 0:
		return []string{"grade3-arbeidsmarkt", "bso7-diploma"}, AskGraduated
	}
	return []string{"grade3-arbeidsmarkt", "bso7-diploma"}, AskYear7
}

// adult reports whether paths for adults are shown without being asked for.
func (p *Paths) adult(s Start, standing int) bool {
	switch s.Stage {
	case "left", "working", "jobseeker":
		return true
	}
	return slices.Contains([]string{"no-diploma", "foreign-diploma", "diploma-so", "old-diploma", "bso6-certificate", "bso7-diploma"}, p.Standings[standing].ID)
}

// targets are the standings that end a path, each with the courses that may be
// its last step; nil courses leave the choice free.
func (p *Paths) targets(g Goal) map[int][]*catalogue.Course {
	t := map[int][]*catalogue.Course{}
	if g.CourseID != "" {
		if c, ok := p.catalogue.Course(g.CourseID); ok && !c.Unnamed {
			for _, s := range p.of[c.ID] {
				t[s] = []*catalogue.Course{c}
			}
		}
		return t
	}
	for i := range p.Standings {
		s := &p.Standings[i]
		level := slices.Contains(g.Levels, s.Match.Level) && s.Match.Level != "" || slices.Contains(g.Levels, catalogue.Level(s.ID))
		if len(g.Levels) > 0 && !level {
			continue
		}
		var courses []*catalogue.Course
		for _, c := range p.members[i] {
			switch {
			case g.Job != "" && !slices.Contains(c.Jobs, g.Job):
			case len(g.Fields) > 0 && !meet(g.Fields, c.Fields):
			case len(g.Levels) == 0 && !slices.Contains(c.LeadsTo, "work"):
			case len(g.Levels) == 0 && len(g.Fields) > 0 && !slices.Contains(g.Fields, c.Fields[0]): // a side of the trade, not the trade
			default:
				courses = append(courses, c)
			}
		}
		switch {
		case len(courses) > 0:
			t[i] = courses
		case level && g.Job == "":
			t[i] = nil // the level exists, even if we know no course of the field
		}
	}
	return t
}

// StartOf reads an id as a start: of a course, a standing ("no-diploma"), a
// stage, a level, or a track alone. ok is false for anything else; text is for
// who knows words.
func (p *Paths) StartOf(id string, track catalogue.Track) (s Start, ok bool) {
	s.Track = track
	if _, ok := p.catalogue.Course(id); ok {
		s.CourseID = id
		return s, true
	}
	switch {
	case id == "" || slices.Contains(catalogue.Tracks, catalogue.Track(id)):
		if id != "" {
			s.Track = catalogue.Track(id)
		}
		return s, s.Track != ""
	case slices.Contains(catalogue.Stages, catalogue.Stage(id)):
		s.Stage = catalogue.Stage(id)
		return s, true
	case slices.Contains(catalogue.Levels, catalogue.Level(id)):
		s.Level = catalogue.Level(id)
		return s, true
	}
	if _, ok := p.standing[id]; ok {
		return Start{Standing: id}, true
	}
	return Start{}, false
}

// GoalOf reads an id as a goal: of a course, a level, "bachelor" for both kinds
// of bachelor, "work", or a field. ok is false for anything else.
func (p *Paths) GoalOf(id string) (g Goal, ok bool) {
	if _, ok := p.catalogue.Course(id); ok {
		return Goal{CourseID: id}, true
	}
	switch {
	case id == "bachelor":
		return Goal{Levels: []catalogue.Level{"bachelor-prof", "bachelor-acad"}}, true
	case id == "work" || slices.Contains(catalogue.Levels, catalogue.Level(id)):
		return Goal{Levels: []catalogue.Level{catalogue.Level(id)}}, true
	case slices.Contains(catalogue.Fields, catalogue.Field(id)):
		return Goal{Fields: []catalogue.Field{catalogue.Field(id)}}, true
	}
	return Goal{}, false
}
