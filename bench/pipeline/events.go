package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// eventsYAML is a pipeline of one delivery that writes files as often as told into a table
// of sequence numbers beside an order's columns, partitioned by day.
func eventsYAML(files string) string {
	return fmt.Sprintf(`
buckets: [{name: bench}]
queues: [{name: events}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS bench
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS bench.events (
        sender int, seq bigint, order_id string, ordered_at timestamp, district string,
        delivery_type string, product_name string, quantity int, price int)
      PARTITIONED BY (year string, month string, day string)
      STORED AS PARQUET LOCATION 's3://bench/events/'
deliveries:
  - {name: events, queue: events, table: bench.events, event_time: ordered_at, timezone: Asia/Seoul,
     %s, errors: 's3://bench/errors/'}
`, files)
}

// event is an order of now.
func event(sender int, seq int64, now time.Time) []byte {
	return fmt.Appendf(nil, `{"sender":%d,"seq":%d,"order_id":"o-%d-%d","ordered_at":%q,"district":"강남구","delivery_type":"dawn","product_name":"product-%03d","quantity":%d,"price":%d}`,
		sender, seq, sender, seq, now.Format("2006-01-02T15:04:05.000Z07:00"), seq%200, 1+seq%5, 500*(1+seq%40))
}

const batch = 10 // events of a request

// acks are the times at which a sender's requests were answered: of events
// 10*i to 10*i+9.
type acks struct {
	mu    sync.Mutex
	times []time.Time
}

func (a *acks) add(t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, t)
}

// load sends events at a rate, evenly from several connections, for a while. A
// sender that falls behind goes on at once, so the rate holds while the server
// can take it.
type load struct {
	senders []*acks
	rate    int // events a second, of all
}

func newLoad(rate, senders int) *load {
	l := &load{rate: rate}
	for range senders {
		l.senders = append(l.senders, &acks{})
	}
	return l
}

func (l *load) run(ctx context.Context, s *rig.Scops, length time.Duration) error {
	errs := make(chan error, len(l.senders))
	for i, a := range l.senders {
		go func() { errs <- l.sender(ctx, s, i, a, length) }()
	}
	var first error
	for range l.senders {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (l *load) sender(ctx context.Context, s *rig.Scops, number int, a *acks, length time.Duration) error {
	c, err := newAPI(s)
	if err != nil {
		return err
	}
	defer c.close()
	url, err := c.queueURL(ctx, "events")
	if err != nil {
		return err
	}
	every := time.Duration(float64(time.Second) * batch * float64(len(l.senders)) / float64(l.rate))
	start := time.Now()
	var events [batch][]byte
	for n := int64(0); time.Since(start) < length; n++ {
		if wait := time.Until(start.Add(time.Duration(n) * every)); wait > 0 {
			time.Sleep(wait)
		}
		for i := range events {
			events[i] = event(number, n*batch+int64(i), time.Now())
		}
		if err := c.send(ctx, url, events[:]...); err != nil {
			return err
		}
		a.add(time.Now())
	}
	return nil
}

// sent counts acknowledged events.
func (l *load) sent() int64 {
	var n int64
	for _, a := range l.senders {
		a.mu.Lock()
		n += int64(len(a.times)) * batch
		a.mu.Unlock()
	}
	return n
}

// row writes a line of a Markdown table.
func row(cells ...any) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, "| %v ", c)
	}
	return b.String() + "|\n"
}
