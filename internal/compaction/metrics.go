package compaction

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// Collector gives the status as metrics, by table.
func (c *Compactor) Collector() prometheus.Collector { return collector{c} }

type collector struct{ c *Compactor }

// fromStatus are the metrics that the status has.
var fromStatus = []struct {
	name, help string
	kind       prometheus.ValueType
	value      func(TableStatus) float64
}{
	{"scops_compaction_most_files", "Files of the partition that has the most.", prometheus.GaugeValue, func(s TableStatus) float64 { return float64(s.MostFiles) }},
	{"scops_compaction_most_small_files", "Small files of the partition that has the most.", prometheus.GaugeValue, func(s TableStatus) float64 { return float64(s.MostSmallFiles) }},
	{"scops_compaction_unpublished_merges", "Merges whose files still have hidden names.", prometheus.GaugeValue, func(s TableStatus) float64 { return float64(s.Unpublished) }},
	{"scops_compaction_merges_total", "Merges.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.Merges) }},
	{"scops_compaction_files_total", "Files that went into merges.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.FilesMerged) }},
	{"scops_compaction_rows_total", "Rows that merges wrote.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.Rows) }},
	{"scops_compaction_read_bytes_total", "Bytes of the files that went into merges.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.BytesIn) }},
	{"scops_compaction_written_bytes_total", "Bytes of the files that merges made.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.BytesOut) }},
	{"scops_compaction_seconds_total", "Time that merges took, with their pauses.", prometheus.CounterValue, func(s TableStatus) float64 { return s.Seconds }},
	{"scops_compaction_row_amplification", "How often a row was written on average, by its delivery and by merges.", prometheus.GaugeValue, func(s TableStatus) float64 { return s.RowAmplification }},
	{"scops_compaction_errors_total", "Merges and publications that failed.", prometheus.CounterValue, func(s TableStatus) float64 { return float64(s.Errors) }},
}

var descs = func() []*prometheus.Desc {
	list := make([]*prometheus.Desc, len(fromStatus))
	for i, m := range fromStatus {
		list[i] = prometheus.NewDesc(m.name, m.help, []string{"table"}, nil)
	}
	return list
}()

// Describe implements prometheus.Collector.
func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range descs {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(out chan<- prometheus.Metric) {
	list, err := c.c.Status(context.Background())
	if err != nil {
		out <- prometheus.NewInvalidMetric(descs[0], err)
		return
	}
	for _, s := range list {
		for i, m := range fromStatus {
			out <- prometheus.MustNewConstMetric(descs[i], m.kind, m.value(s), s.Database+"."+s.Table)
		}
	}
}
