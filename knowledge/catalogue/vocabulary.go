package catalogue

// The ids below are those of the public contract. They are used unchanged in
// files, JSON, URLs and button values.
type (
	// A Provider is who organises a course: SO, HO, VDAB, Syntra or CVO.
	Provider string
	// A Level is the step of the ladder that a course stands on.
	Level string
	// A Finality is what a secondary direction prepares for.
	Finality string
	// A Field is a part of science and technology, such as "electricity".
	Field string
	// A Form is how a course can be followed.
	Form string
	// A Reach is how far from home a learner can travel.
	Reach string
	// A Role is who is asking.
	Role string
	// A Stage is where the learner is now.
	Stage string
	// A Track is what the learner follows or followed.
	Track string
	// A Region says where a commune lies, seen from Brussels.
	Region string
	// A Confidence is how sure we are of a fact.
	Confidence string
)

// Providers, in the order in which they are listed everywhere.
var Providers = []Provider{"SO", "HO", "VDAB", "Syntra", "CVO"}

// Levels, from the first step of the ladder up.
var Levels = []Level{
	"grade1", "grade2", "grade3", "year7", "graduaat", "bachelor-prof", "bachelor-acad",
	"bridging", "banaba", "master", "training", "module",
}

// The three finalities of Flemish secondary education.
const (
	Doorstroom   Finality = "doorstroom"
	Dubbel       Finality = "dubbel"
	Arbeidsmarkt Finality = "arbeidsmarkt"
)

// Finalities, in the order in which they are listed everywhere. The order is
// that of the law and no ranking.
var Finalities = []Finality{Doorstroom, Dubbel, Arbeidsmarkt}

// Fields, in the order in which they are offered as choices.
var Fields = []Field{
	"ict", "data-ai", "business-ict", "electricity", "electronics-automation", "mechanics-metal", "vehicles", "hvac",
	"construction", "wood", "painting-decoration", "architecture-design", "engineering", "maths-science", "chemistry",
	"biotech-lab", "agro-green", "graphics-media", "audiovisual-stage", "textile", "transport-logistics", "maritime",
}

// Forms in which a course can be followed.
var Forms = []Form{"voltijds", "duaal", "dag", "avond", "weekend", "werktraject", "online"}

// Reaches, from near to far.
var Reaches = []Reach{"commune", "brussels", "around", "anywhere"}

// Roles a visitor can have.
var Roles = []Role{"pupil", "parent", "counsellor", "adult"}

// Stages a learner can be in.
var Stages = []Stage{
	"primary", "grade1", "grade2", "grade3", "year7", "okan", "diploma", "higher", "left", "working", "jobseeker",
}

// Tracks a learner can follow or have followed.
var Tracks = []Track{"1A", "1B", "2A", "2B", "doorstroom", "dubbel", "arbeidsmarkt", "unknown"}

// Brussels is the Brussels-Capital Region, Rim the communes around it, Beyond
// the rest of Belgium.
const (
	Brussels Region = "brussels"
	Rim      Region = "rim"
	Beyond   Region = "beyond"
)

// Regions of the gazetteer.
var Regions = []Region{Brussels, Rim, Beyond}

// Confidences, from sure to unsure.
var Confidences = []Confidence{"high", "medium", "low"}

// Outcomes are the ids that LeadsTo may name beside course ids: a level of the
// ladder, or work.
var Outcomes = []string{"work", "grade2", "grade3", "year7", "graduaat", "bachelor-prof", "bachelor-acad", "master"}

// A Profile is what a visitor has told so far. The zero Profile fits every course.
type Profile struct {
	Role     Role
	Stage    Stage
	Track    Track
	Interest []Field  // none means all
	Finality Finality // "" means not asked yet, or no preference
	Postcode string   // where the learner lives or wants to study: "1080"; "" means anywhere
	Reach    Reach    // how far from there; "" means anywhere
	Form     []Form   // none means all
}
