package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// way is how events become visible.
type way struct {
	name string
	yaml string // how often files are written
	sql  string // what is looked at
}

const (
	seenSQL = "SELECT sender, count(*), max(seq) FROM bench.events"
	byAll   = " GROUP BY sender"
	// byFiles sees what is in files: the same pipeline without its memory.
	byFiles = ` WHERE "$path" IS NOT NULL GROUP BY sender`
)

// ways are compared; the first is the one that batches over SQS and Lambda
// cannot go below.
var ways = []way{
	{"files, max_wait 1s", "max_wait: 1s, max_file_wait: 1s", seenSQL + byFiles},
	{"files, max_wait 20ms", "max_wait: 20ms, max_file_wait: 20ms", seenSQL + byFiles},
	{"memory and files, as configured by default", "max_wait: 1s", seenSQL + byAll},
}

const (
	senders = 16
	// settle is left out at the start of a measurement.
	settle = time.Second
	// visibleWithin is how long the last event may take.
	visibleWithin = 60 * time.Second
)

// fresh is one measurement.
type fresh struct {
	p50, p99 float64 // ms from the answer to a send to the answer to a query with it
	query    float64 // ms, p50 of the queries that look
	rate     float64 // events a second that were acknowledged
	files    int
}

// freshness sends events at a rate and asks SQL all the time what it sees.
func freshness(ctx context.Context, o options) error {
	fmt.Fprint(o.out, row("events/s", "seen in", "acknowledged events/s", "p50 ms", "p99 ms", "a query, p50 ms", "files at the end", "p50: times fresher than 1 s", "p99: times fresher than 1 s"),
		row("---", "---", "---", "---", "---", "---", "---", "---", "---"))
	var syncs []time.Duration
	for _, rate := range []int{1_000, 10_000} {
		results := map[string][]fresh{}
		for round := range o.rounds {
			p50, err := rig.RawSync(o.dir, 512, 200*time.Millisecond)
			if err != nil {
				return err
			}
			syncs = append(syncs, p50)
			for _, w := range ways {
				f, err := measureFreshness(ctx, o, rate, w)
				if err != nil {
					return err
				}
				results[w.name] = append(results[w.name], f)
				fmt.Fprintf(os.Stderr, "round %d: %d events/s, %s: %+v\n", round+1, rate, w.name, f)
			}
		}
		base := results[ways[0].name]
		for _, w := range ways {
			r := results[w.name]
			fmt.Fprint(o.out, row(rate, w.name,
				rig.Spread(column(r, func(f fresh) float64 { return f.rate })),
				rig.Spread(column(r, p50)), rig.Spread(column(r, p99)),
				rig.Spread(column(r, func(f fresh) float64 { return f.query })),
				rig.Spread(column(r, func(f fresh) float64 { return float64(f.files) })),
				rig.Ratios(column(base, p50), column(r, p50)), rig.Ratios(column(base, p99), column(r, p99))))
		}
	}
	fmt.Fprintf(o.out, "\nRaw append and fdatasync of one event, p50 of each round: %v\n", syncs)
	return nil
}

func p50(f fresh) float64 { return f.p50 }
func p99(f fresh) float64 { return f.p99 }

func column(r []fresh, f func(fresh) float64) []float64 {
	out := make([]float64, len(r))
	for i := range r {
		out[i] = f(r[i])
	}
	return out
}

func measureFreshness(ctx context.Context, o options, rate int, by way) (_ fresh, err error) {
	s, err := rig.Start(o.binary, o.dir, eventsYAML(by.yaml))
	if err != nil {
		return fresh{}, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := newLoad(rate, senders)
	start := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- l.run(ctx, s, settle+o.length) }()
	w := &watcher{load: l, sql: by.sql, from: start.Add(settle), seen: make([]int64, senders)}
	if err := w.watch(ctx, s, ended); err != nil {
		return fresh{}, err
	}
	if len(w.delays) == 0 {
		return fresh{}, errors.New("no event became visible")
	}
	return fresh{
		p50: ms(rig.Percentile(w.delays, 0.5)), p99: ms(rig.Percentile(w.delays, 0.99)),
		query: ms(rig.Percentile(w.queries, 0.5)), rate: float64(l.sent()) / w.took.Seconds(), files: w.files,
	}, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// watcher asks for the events of each sender until all that were acknowledged
// are there, and notes when each was seen first.
type watcher struct {
	load    *load
	sql     string
	from    time.Time // events acknowledged before are left out
	seen    []int64   // requests of each sender whose events were all seen
	delays  []time.Duration
	queries []time.Duration
	took    time.Duration // of the load
	files   int
}

func (w *watcher) watch(ctx context.Context, s *rig.Scops, ended <-chan error) error {
	c, err := newAPI(s)
	if err != nil {
		return err
	}
	defer c.close()
	start := time.Now()
	var deadline time.Time
	for {
		began := time.Now()
		rows, t, err := c.timed(ctx, w.sql)
		if err != nil {
			return err
		}
		now := time.Now()
		w.queries = append(w.queries, now.Sub(began))
		total, err := w.note(rows, now)
		if err != nil {
			return err
		}
		select {
		case err := <-ended:
			if err != nil {
				return err
			}
			ended, w.took, deadline = nil, now.Sub(start), now.Add(visibleWithin)
		default:
		}
		if ended == nil && total == w.load.sent() {
			w.files = t.Files
			return nil
		}
		if ended == nil && now.After(deadline) {
			return fmt.Errorf("%d of %d events are visible after %v", total, w.load.sent(), visibleWithin)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// note takes the answer of a query at a time and returns how many events it
// counts. Events of a sender are seen up to the number n when count(*) is n+1
// and max(seq) is n: then none before is missing.
func (w *watcher) note(rows [][]json.RawMessage, now time.Time) (total int64, err error) {
	for _, r := range rows {
		var sender int
		var count, last int64
		if err := errors.Join(json.Unmarshal(r[0], &sender), json.Unmarshal(r[1], &count), json.Unmarshal(r[2], &last)); err != nil {
			return 0, err
		}
		total += count
		if count != last+1 {
			continue // a later batch overtook an earlier one
		}
		a := w.load.senders[sender]
		a.mu.Lock()
		for ; w.seen[sender] < min(count/batch, int64(len(a.times))); w.seen[sender]++ {
			if t := a.times[w.seen[sender]]; t.After(w.from) {
				// Visible before its answer came: no delay at all.
				w.delays = append(w.delays, max(0, now.Sub(t)))
			}
		}
		a.mu.Unlock()
	}
	return total, nil
}
