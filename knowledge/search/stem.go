package search

import "strings"

// Stem brings the forms of a folded word together: plural, infinitive,
// profession and the spellings that Dutch, French and English give one root
// (wetenschap/wetenschappen, programmeren/programmeur/programming,
// elektronica/électronique/electronics). A stem is a key and no word.
func Stem(w string) string {
	if s, ok := irregular[w]; ok {
		return s
	}
	if len(w) < 4 || strings.ContainsAny(w, "0123456789+#") {
		return w
	}
	w = spell(w)
	w = singular(w)
	for _, e := range endings {
		if root, ok := strings.CutSuffix(w, e.end); ok && len(root) >= e.min && strings.ContainsAny(root, "aeiou") {
			w = root
			break
		}
	}
	if len(w) > 3 {
		w = strings.TrimSuffix(w, "e")
	}
	if n := len(w); n > 3 {
		switch w[n-1] { // huizen, schrijven
		case 'z':
			w = w[:n-1] + "s"
		case 'v':
			w = w[:n-1] + "f"
		}
	}
	return undouble(w)
}

// irregular holds words whose ending is no ending, and forms that no rule finds.
var irregular = map[string]string{
	"laser": "laser", "lasers": "laser", "schepen": "schip", "steden": "stad", "leden": "lid", "men": "man",
	"chimie": "chemi", "chimique": "chemi", "chimiste": "chemi", "chemie": "chemi", "chemisch": "chemi",
	"chemische": "chemi", "chemistry": "chemi", "chemical": "chemi", "chemicus": "chemi",
	"wiskunde": "wiskund", "wiskundig": "wiskund", "wiskundige": "wiskund",
	"maths": "math", "math": "math", "mathematics": "math", "mathematique": "math", "mathematiques": "math", "mathematica": "math",
	"science": "scienc", "sciences": "scienc", "scientifique": "scienc", "scientific": "scienc",
	"bouw": "bouw", "bouwen": "bouw", "bouwer": "bouw", "gebouw": "gebouw", "gebouwen": "gebouw",
	"garden": "garden", "gardens": "garden", "kitchen": "kitchen", "kitchens": "kitchen",
	"auto": "auto", "autos": "auto", "voiture": "voiture", "voitures": "voiture", "peinture": "peint", "automatic": "automat", "network": "netwerk", "networks": "netwerk", "networking": "netwerk",
	"electric": "elektric", "electrical": "elektric", "electrique": "elektric", "electriques": "elektric",
	"elektrisch": "elektric", "elektrische": "elektric", "elektriek": "elektric", "electriek": "elektric",
	"heet": "heet", "pass": "pass", "passed": "pass", "passing": "pass",
	"care": "care", "career": "career", "careers": "career", "chauffeur": "chauffeur", "chauffeurs": "chauffeur",
	"quartier": "quartier", "quartiers": "quartier", "short": "short", "goods": "goods", "evening": "evening", "evenings": "evening",
	"date": "date", "dates": "date", "machin": "machin", "garen": "garen", "garens": "garen", "passage": "passage", "offer": "offer",
	"filles": "fille", "fille": "fille", "fil": "fil", "fils": "fils", "placement": "placement", "management": "management",
	"biologie": "biolog", "biology": "biolog", "biologique": "biolog", "bioloog": "biolog",
	"ingenieur": "ingenieur", "ingenieurs": "ingenieur", "engineer": "ingenieur", "engineers": "ingenieur",
	"engineering": "ingenieur", "ingenierie": "ingenieur", "ingenieure": "ingenieur",
}

// endings from long to short, with the fewest letters that must be left.
// They are cut once, after the plural.
var endings = []struct {
	end string
	min int
}{
	{"atrice", 4},
	{"ateur", 4},
	{"ation", 4},
	{"elijke", 4},
	{"elijk", 4},
	{"ienne", 4},
	{"iteit", 4},
	{"erij", 4},
	{"heden", 4},
	{"ische", 4},
	{"ieken", 4},
	{"ering", 4},
	{"eren", 4},
	{"atie", 4},
	{"ator", 4},
	{"ikal", 4},
	{"ieke", 4},
	{"iken", 4},
	{"euse", 4},
	{"erie", 4},
	{"iere", 4},
	{"isch", 4},
	{"isk", 4},
	{"ment", 5},
	{"iste", 4},
	{"isme", 4},
	{"ike", 4},
	{"iek", 4},
	{"ika", 4},
	{"ite", 4},
	{"iti", 4},
	{"ien", 4},
	{"ian", 4},
	{"eur", 3},
	{"eer", 4},
	{"aar", 4},
	{"ier", 4},
	{"ing", 3},
	{"age", 3},
	{"ure", 4},
	{"ist", 4},
	{"en", 3},
	{"er", 3},
	{"ik", 4},
}

// spell writes the sounds that the three languages spell differently one way.
func spell(w string) string {
	w = strings.Replace(w, "mecan", "mechan", 1)
	b := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		next := byte(0)
		if i+1 < len(w) {
			next = w[i+1]
		}
		switch c := w[i]; {
		case c == 'p' && next == 'h':
			b = append(b, 'f')
			i++
		case c == 'q' && next == 'u':
			b = append(b, 'k')
			i++
		case c == 'c' && next == 'h':
			b = append(b, "ch"...)
			i++
		case c == 'c' && next == 'k':
			b = append(b, 'k')
			i++
		case c == 'c' && next != 'e' && next != 'i' && next != 'y':
			b = append(b, 'k')
		case c == 'y':
			b = append(b, 'i')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func singular(w string) string {
	n := len(w)
	switch {
	case n < 4:
	case strings.HasSuffix(w, "aux") || strings.HasSuffix(w, "eux"):
		return w[:n-1]
	case strings.HasSuffix(w, "ies") && n > 5:
		return w[:n-2]
	case w[n-1] != 's' || strings.ContainsRune("siuj", rune(w[n-2])) || (n == 4 && w[n-2] == 'a'):
	default:
		return w[:n-1]
	}
	return w
}

func undouble(w string) string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			b = append(b, w[i])
		}
	}
	return string(b)
}
