package serve

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Limit is a pace: so many events a second, and so many at once after a rest.
// The zero Limit is for the default of the place where it stands.
type Limit struct {
	PerSecond float64
	Burst     int
}

func (l Limit) or(other Limit) Limit {
	if l == (Limit{}) {
		return other
	}
	return l
}

// maxKeys is how many keys a Limiter remembers: about 2 MB. Who was not heard
// of for longest is forgotten, and begins again with a full burst.
const maxKeys = 10_000

// A Limiter holds each key, such as a client's address, to one pace. It is
// bounded in memory and safe for concurrent use.
type Limiter struct {
	mu     sync.Mutex
	keys   map[string]*list.Element
	recent *list.List // of *bucket, the latest first
	max    int
}

type bucket struct {
	key  string
	pace *rate.Limiter
}

// NewLimiter returns a Limiter for at most keys keys; 0 means 10,000.
func NewLimiter(keys int) *Limiter {
	if keys <= 0 {
		keys = maxKeys
	}
	return &Limiter{keys: map[string]*list.Element{}, recent: list.New(), max: keys}
}

// Take takes one event of a key that is held to pace. It returns 0 when the
// event may happen, and else how long to wait; an event that has to wait counts
// for nothing. A key keeps the pace that it came with first.
func (l *Limiter) Take(key string, pace Limit) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.keys[key]
	if !ok {
		if l.recent.Len() >= l.max {
			old := l.recent.Remove(l.recent.Back()).(*bucket)
			delete(l.keys, old.key)
		}
		e = l.recent.PushFront(&bucket{key, rate.NewLimiter(rate.Limit(pace.PerSecond), pace.Burst)})
		l.keys[key] = e
	}
	l.recent.MoveToFront(e)
	now := time.Now()
	r := e.Value.(*bucket).pace.ReserveN(now, 1)
	if !r.OK() { // a burst of 0 lets nothing through
		return time.Minute
	}
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// Len is how many keys are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.Len()
}
