package catalogue

import (
	"regexp"
	"strconv"
	"time"
)

// A Kind of fact has its own limit after which it is stale.
type Kind int

// The kinds of fact that grow old at their own pace.
const (
	PriceFact Kind = iota // a price or a calendar date: 12 months
	OfferFact             // who gives what where: 24 months
	RuleFact              // a rule or a study direction: 36 months
)

// limits in months. Source: the project's quality figures, section facts.
var limits = map[Kind]int{PriceFact: 12, OfferFact: 24, RuleFact: 36}

// asOf is the form of every as_of: a school year, a year, a month, a day, or
// "undated" for a source that carries no date at all.
var asOf = regexp.MustCompile(`^(?:(\d{4})(?:-(\d{4})|-(\d{2})(?:-(\d{2}))?)?|undated)$`)

// ValidAsOf reports whether s is "2025-2026", "2025", "2025-11", "2025-11-24"
// or "undated".
func ValidAsOf(s string) bool { return asOf.MatchString(s) }

// End returns the last day that a source speaks of: 31 August for a school
// year. ok is false for "undated" and for anything unreadable.
func End(s string) (day time.Time, ok bool) {
	m := asOf.FindStringSubmatch(s)
	if m == nil || m[1] == "" {
		return time.Time{}, false
	}
	year, _ := strconv.Atoi(m[1])
	switch {
	case m[2] != "":
		last, _ := strconv.Atoi(m[2])
		return time.Date(last, time.August, 31, 0, 0, 0, 0, time.UTC), true
	case m[4] != "":
		day, err := time.Parse(time.DateOnly, s)
		return day, err == nil
	case m[3] != "":
		month, _ := strconv.Atoi(m[3])
		return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC), true
	}
	return time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC), true
}

// Stale reports whether a fact of kind k with that as_of is past its limit on
// the given day. A source without a date is always stale: nobody can tell.
func Stale(k Kind, asOf string, on time.Time) bool {
	end, ok := End(asOf)
	return !ok || on.After(end.AddDate(0, limits[k], 0))
}
