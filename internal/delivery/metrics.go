package delivery

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/scopsdb/scops/internal/telemetry"
)

// measures are the counters of all deliveries since the start, by name.
type measures struct {
	received, planned, retries *prometheus.CounterVec
	stages                     *prometheus.HistogramVec
}

func newMeasures() *measures {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, append([]string{"delivery"}, labels...))
	}
	return &measures{
		received: counter("scops_delivery_received_events_total", "Events that were taken from the queue, since the start; again where a batch was given back."),
		planned:  counter("scops_delivery_parsed_events_total", "Events of committed batches, since the start."),
		retries:  counter("scops_delivery_retries_total", "Attempts of a stage that failed, since the start.", "stage"),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "scops_delivery_stage_seconds", Help: "Time that a stage of a batch took, with its retries.", Buckets: telemetry.Seconds,
		}, []string{"delivery", "stage"}),
	}
}

// stage names what retry is told for a label.
func stage(what string) string { return strings.ReplaceAll(what, " ", "_") }

// took notes a stage that has ended. Waiting for messages is none.
func (d *delivery) took(what string, since time.Time) {
	if what != "receive" {
		d.m.measures.stages.WithLabelValues(d.config.Name, stage(what)).Observe(time.Since(since).Seconds())
	}
}

// Collector returns the metrics of all deliveries: the books as of when they are
// asked for, and what was measured since the start.
func (m *Manager) Collector() prometheus.Collector { return collector{m} }

type collector struct{ m *Manager }

// fromBooks are the metrics that the books have.
var fromBooks = []struct {
	name, help string
	kind       prometheus.ValueType
	value      func(Status) float64
}{
	{"scops_delivery_sent_events_total", "Events sent into the queue, as the books count them.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Sent) }},
	{"scops_delivery_rows_total", "Rows in files: events in SQL.", prometheus.CounterValue, func(s Status) float64 { return float64(s.InFiles) }},
	{"scops_delivery_rejected_events_total", "Events in the error location.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Rejected) }},
	{"scops_delivery_filtered_events_total", "Events that the transform left out.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Filtered) }},
	{"scops_delivery_duplicate_events_total", "Events that were delivered before.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Duplicates) }},
	{"scops_delivery_elsewhere_events", "Events that left the queue without the delivery.", prometheus.GaugeValue, func(s Status) float64 { return float64(s.Elsewhere) }},
	{"scops_delivery_late_events_total", "Events whose time was out of bounds: late.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Late) }},
	{"scops_delivery_future_events_total", "Events whose time was out of bounds: future.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Future) }},
	{"scops_delivery_batches_total", "Batches that were committed.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Batches) }},
	{"scops_delivery_files_total", "Files that were committed.", prometheus.CounterValue, func(s Status) float64 { return float64(s.Files) }},
	{"scops_delivery_written_bytes_total", "Bytes of the files that were committed.", prometheus.CounterValue, func(s Status) float64 { return float64(s.BytesWritten) }},
	{"scops_delivery_queued_events", "Events that wait in the queue.", prometheus.GaugeValue, func(s Status) float64 { return float64(s.InQueue) }},
	{"scops_delivery_in_flight_events", "Events in the batches being made, or with another consumer.", prometheus.GaugeValue, func(s Status) float64 { return float64(s.InFlight) }},
	{"scops_delivery_running", "1 where the delivery is running, 0 where it is retrying or paused.", prometheus.GaugeValue, func(s Status) float64 {
		if s.State == Running {
			return 1
		}
		return 0
	}},
}

var (
	bookDescs = func() []*prometheus.Desc {
		descs := make([]*prometheus.Desc, len(fromBooks))
		for i, b := range fromBooks {
			descs[i] = prometheus.NewDesc(b.name, b.help, []string{"delivery"}, nil)
		}
		return descs
	}()
	lagDesc = prometheus.NewDesc("scops_delivery_lag_seconds", "Age of the oldest event that is not delivered: how long ago the delivery was complete.", []string{"delivery"}, nil)
)

func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range append(bookDescs, lagDesc) {
		out <- d
	}
	for _, v := range c.vectors() {
		v.Describe(out)
	}
}

func (c collector) vectors() []prometheus.Collector {
	x := c.m.measures
	return []prometheus.Collector{x.received, x.planned, x.retries, x.stages}
}

func (c collector) Collect(out chan<- prometheus.Metric) {
	for _, v := range c.vectors() {
		v.Collect(out)
	}
	list, err := c.m.Status(context.Background())
	if err != nil {
		out <- prometheus.NewInvalidMetric(lagDesc, err)
		return
	}
	now := c.m.now()
	for _, s := range list {
		for i, b := range fromBooks {
			out <- prometheus.MustNewConstMetric(bookDescs[i], b.kind, b.value(s), s.Name)
		}
		out <- prometheus.MustNewConstMetric(lagDesc, prometheus.GaugeValue, max(0, now.Sub(s.CompleteUpTo)).Seconds(), s.Name)
	}
}
