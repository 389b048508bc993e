package telemetry

import (
	"io"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// Seconds are the buckets of all histograms of times, from 1 ms to 60 s.
var Seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Metrics is what scops measures about itself. A part that has something to
// measure keeps it in counters and histograms of client_golang, which are
// atomic, or reads it when it is asked, and is a prometheus.Collector; cmd/scops
// adds it here. Names begin with scops_ and the part (scops_delivery_…), have
// their unit and, where they only grow, _total at the end.
type Metrics struct{ registry *prometheus.Registry }

// NewMetrics makes a set with what the process and Go's runtime tell.
func NewMetrics() *Metrics {
	m := &Metrics{prometheus.NewRegistry()}
	m.Add(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Add adds parts. Two of the same names are a mistake of the program, and panic.
func (m *Metrics) Add(parts ...prometheus.Collector) { m.registry.MustRegister(parts...) }

// ContentType is that of Write.
const ContentType = string(expfmt.FmtText)

// Write writes all metrics in the text format of Prometheus. A part that fails
// is left out, and its error returned after the others are written.
func (m *Metrics) Write(w io.Writer) error {
	families, failed := m.registry.Gather()
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
			return err
		}
	}
	return failed
}

// Requests measures HTTP requests.
type Requests struct {
	count   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}

// NewRequests adds the measures of HTTP requests.
func (m *Metrics) NewRequests() *Requests {
	r := &Requests{
		count:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "scops_http_requests_total", Help: "HTTP requests that were answered."}, []string{"service", "operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "scops_http_request_seconds", Help: "Time from a request's header to its answer.", Buckets: Seconds}, []string{"service", "operation"}),
	}
	m.Add(r.count, r.seconds)
	return r
}

// Observe counts a request. service and operation must be of a bounded set.
func (r *Requests) Observe(service, operation string, status int, took time.Duration) {
	r.count.WithLabelValues(service, operation, strconv.Itoa(status)).Inc()
	r.seconds.WithLabelValues(service, operation).Observe(took.Seconds())
}

// Queries measures query executions.
type Queries struct {
	seconds *prometheus.HistogramVec
	scanned prometheus.Counter
}

// NewQueries adds the measures of query executions.
func (m *Metrics) NewQueries() *Queries {
	q := &Queries{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "scops_query_seconds", Help: "Time from the start of a query execution to its end, by its last state.", Buckets: Seconds}, []string{"state"}),
		scanned: prometheus.NewCounter(prometheus.CounterOpts{Name: "scops_query_scanned_bytes_total", Help: "Bytes that queries needed of their files."}),
	}
	m.Add(q.seconds, q.scanned)
	return q
}

// Observe counts a query execution that has ended.
func (q *Queries) Observe(state string, took time.Duration, scanned int64) {
	q.seconds.WithLabelValues(state).Observe(took.Seconds())
	q.scanned.Add(float64(scanned))
}
