package serve

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts requests. Its labels are route patterns, methods and statuses,
// all from fixed lists: nothing of a visitor can end up in them.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	inFlight prometheus.Gauge
	panics   prometheus.Counter
	page     http.Handler
}

// newMetrics registers the metrics. It fails when reg has them already.
func newMetrics(reg *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wegwijs_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wegwijs_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wegwijs_http_refused_total", Help: "Requests refused before they were handled.",
		}, []string{"why"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "wegwijs_http_in_flight", Help: "Requests being handled now.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "wegwijs_http_panics_total", Help: "Requests that ended in a panic.",
		}),
	}
	for _, why := range []string{refusedRate, refusedBusy, refusedOrigin, refusedSize} {
		m.refused.WithLabelValues(why)
	}
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.refused, m.inFlight, m.panics} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	for _, c := range []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		// The program may have registered these two itself.
		_ = reg.Register(c)
	}
	m.page = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return m, nil
}

// Why a request was refused, as a label.
const (
	refusedRate   = "rate"
	refusedBusy   = "busy"
	refusedOrigin = "origin"
	refusedSize   = "size"
)

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// seen counts one answered request.
func (m *metrics) seen(route, method string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other" // a client can invent methods without end
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}
