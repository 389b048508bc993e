package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// pageSQL are the queries of a statistics page over the events.
var pageSQL = []string{
	"SELECT district, count(*) FROM bench.events GROUP BY district",
	"SELECT delivery_type, count(*) FROM bench.events GROUP BY delivery_type",
	"SELECT product_name, count(*) FROM bench.events GROUP BY product_name",
}

// memory reads the resident memory at rest, and while 10,000 events a second
// and a page's queries once a second come.
func memory(ctx context.Context, o options) (err error) {
	const rate = 10_000
	s, err := rig.Start(o.binary, o.dir, eventsYAML("max_wait: 1s"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := rest(ctx, 3*time.Second); err != nil {
		return err
	}
	idle, err := s.Memory("VmRSS")
	if err != nil {
		return err
	}
	cpu, err := s.CPU()
	if err != nil {
		return err
	}
	l := newLoad(rate, senders)
	ended := make(chan error, 1)
	start := time.Now()
	go func() { ended <- l.run(ctx, s, o.length) }()
	pages, loaded, err := loadPages(ctx, s, ended)
	if err != nil {
		return err
	}
	took := time.Since(start)
	used, err := s.CPU()
	if err != nil {
		return err
	}
	peak, err := s.Memory("VmHWM")
	if err != nil {
		return err
	}
	if err := rest(ctx, 5*time.Second); err != nil {
		return err
	}
	after, err := s.Memory("VmRSS")
	if err != nil {
		return err
	}
	fmt.Fprint(o.out, row("at rest MiB", fmt.Sprintf("under load MiB, p50 of %.0f s", took.Seconds()), "peak MiB", "5 s later MiB", "events", "pages of 3 queries, p50 ms", "CPU of scops, cores"),
		row("---", "---", "---", "---", "---", "---", "---"),
		row(fmt.Sprintf("%.0f", idle), fmt.Sprintf("%.0f", rig.Median(loaded)), fmt.Sprintf("%.0f", peak), fmt.Sprintf("%.0f", after),
			l.sent(), fmt.Sprintf("%.1f", rig.Median(pages)), fmt.Sprintf("%.2f", (used-cpu).Seconds()/took.Seconds())))
	return nil
}

// loadPages asks a page's queries each second until the load has ended, and
// reads the memory after each.
func loadPages(ctx context.Context, s *rig.Scops, ended <-chan error) (pages, loaded []float64, err error) {
	c, err := newAPI(s)
	if err != nil {
		return nil, nil, err
	}
	defer c.close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err == nil && len(pages) == 0 {
				err = errors.New("the load ended before a page was asked for")
			}
			return pages, loaded, err
		case <-tick.C:
		}
		start := time.Now()
		for _, sql := range pageSQL {
			if _, err := c.query(ctx, sql); err != nil {
				return nil, nil, err
			}
		}
		pages = append(pages, ms(time.Since(start)))
		rss, err := s.Memory("VmRSS")
		if err != nil {
			return nil, nil, err
		}
		loaded = append(loaded, rss)
	}
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
