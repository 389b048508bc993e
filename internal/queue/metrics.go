package queue

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Collector returns the metrics of all queues, read when they are asked for.
func (s *Store) Collector() prometheus.Collector { return collector{s} }

type collector struct{ s *Store }

var (
	labels       = []string{"queue"}
	descMessages = prometheus.NewDesc("scops_queue_messages", "Messages in the queue, by where they are.", []string{"queue", "state"}, nil)
	descOldest   = prometheus.NewDesc("scops_queue_oldest_message_age_seconds", "Age of the oldest message in the queue, whatever its state; 0 where there is none.", labels, nil)
	descSent     = prometheus.NewDesc("scops_queue_sent_messages_total", "Messages that were accepted.", labels, nil)
	descLeft     = prometheus.NewDesc("scops_queue_departed_messages_total", "Messages that left the queue, by how.", []string{"queue", "how"}, nil)
)

func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descMessages, descOldest, descSent, descLeft} {
		out <- d
	}
}

func (c collector) Collect(out chan<- prometheus.Metric) {
	ctx := context.Background()
	infos, err := c.s.Queues(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(descMessages, err)
		return
	}
	for _, q := range infos {
		n, err := c.s.Counts(ctx, q.Name)
		if err != nil {
			continue // deleted meanwhile
		}
		name := string(q.Name)
		for state, v := range map[string]int64{"visible": n.Visible, "in_flight": n.InFlight, "delayed": n.Delayed} {
			out <- prometheus.MustNewConstMetric(descMessages, prometheus.GaugeValue, float64(v), name, state)
		}
		for how, v := range map[string]int64{"deleted": n.Deleted, "expired": n.Expired, "purged": n.Purged} {
			out <- prometheus.MustNewConstMetric(descLeft, prometheus.CounterValue, float64(v), name, how)
		}
		out <- prometheus.MustNewConstMetric(descSent, prometheus.CounterValue, float64(n.Sent), name)
		if _, sentAt, found, err := c.s.Oldest(ctx, q.Name, 0); err == nil {
			age := time.Duration(0)
			if found {
				age = max(0, c.s.clock.Now().Sub(sentAt))
			}
			out <- prometheus.MustNewConstMetric(descOldest, prometheus.GaugeValue, age.Seconds(), name)
		}
	}
}
