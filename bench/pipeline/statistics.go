package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/bench/rig"
	"github.com/scopsdb/scops/internal/demo"
)

const statisticsEvents = 100_000

// layouts are tables with the same events: as the demo's delivery lays them
// out, and in one batch, which is one file a day.
var layouts = []struct {
	table, title string
	settings     string // of the delivery
}{
	{"small", "as delivered each second", "max_wait: 1s"},
	{"daily", "one file a day", fmt.Sprintf("max_wait: 5m, max_records: %d", statisticsEvents)},
}

func statisticsYAML() string {
	var queues, statements, deliveries strings.Builder
	for _, l := range layouts {
		fmt.Fprintf(&queues, "  - name: %s\n", l.table)
		fmt.Fprintf(&statements, `  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS bench.%[1]s (
        order_id string, ordered_at timestamp, district string,
        delivery_type string, product_name string, quantity int, price int)
      PARTITIONED BY (year string, month string, day string)
      STORED AS PARQUET LOCATION 's3://bench/%[1]s/'
`, l.table)
		fmt.Fprintf(&deliveries, "  - {name: %[1]s, queue: %[1]s, table: bench.%[1]s, event_time: ordered_at, timezone: Asia/Seoul, %[2]s, errors: 's3://bench/errors-%[1]s/'}\n", l.table, l.settings)
	}
	return "buckets: [{name: bench}]\nqueues:\n" + queues.String() + "statements:\n  - sql: CREATE DATABASE IF NOT EXISTS bench\n" +
		statements.String() + "deliveries:\n" + deliveries.String()
}

// statisticColumns are the columns of the three statistics, with how many rows
// each has.
var statisticColumns = []struct {
	name string
	rows int
}{{"district", 25}, {"delivery_type", 4}, {"product_name", 200}}

// path is one way to an answer: label and count by row.
type path struct {
	title string
	page  func(ctx context.Context) error
}

// statistics asks the three statistics by all paths in turn.
func statistics(ctx context.Context, o options) (err error) {
	s, err := rig.Start(o.binary, o.dir, statisticsYAML())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	c, err := newAPI(s)
	if err != nil {
		return err
	}
	defer c.close()
	d, err := newDuck(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	fmt.Fprintln(o.out, "Each page is the three queries one after the other, on one connection.")
	fmt.Fprint(o.out, "\n", row("files", "way", "page of 3 queries, p50 ms", "p99 ms", "times plain DuckDB"), row("---", "---", "---", "---", "---"))
	for _, l := range layouts {
		if err := fill(ctx, s, c, l.table); err != nil {
			return err
		}
		files, err := parquetFiles(filepath.Join(s.Objects("bench"), l.table))
		if err != nil {
			return err
		}
		var parts parts
		paths := []path{
			d.path("plain DuckDB, hive_types", files, true),
			d.path("plain DuckDB without partition columns", files, false),
			{"one call", func(ctx context.Context) error { return onePage(ctx, c, l.table, &parts) }},
			{"Athena API", func(ctx context.Context) error { return athenaPage(ctx, c, l.table) }},
		}
		if err := comparePaths(ctx, o, fmt.Sprintf("%d, %s", len(files), l.title), paths); err != nil {
			return err
		}
		parts.print(o.out)
	}
	return nil
}

// comparePaths gives each path o.length a round.
func comparePaths(ctx context.Context, o options, title string, paths []path) error {
	medians := make([][]float64, len(paths))
	worst := make([][]float64, len(paths))
	for round := range o.rounds {
		for i, p := range paths {
			if err := p.page(ctx); err != nil { // warm
				return fmt.Errorf("%s: %w", p.title, err)
			}
			var times []time.Duration
			for start := time.Now(); time.Since(start) < o.length; {
				t := time.Now()
				if err := p.page(ctx); err != nil {
					return fmt.Errorf("%s: %w", p.title, err)
				}
				times = append(times, time.Since(t))
			}
			medians[i] = append(medians[i], ms(rig.Percentile(times, 0.5)))
			worst[i] = append(worst[i], ms(rig.Percentile(times, 0.99)))
			fmt.Fprintf(os.Stderr, "round %d: %s files, %s: %d pages, p50 %.1f ms\n", round+1, title, p.title, len(times), medians[i][round])
		}
	}
	for i, p := range paths {
		fmt.Fprint(o.out, row(title, p.title, rig.Spread(medians[i]), rig.Spread(worst[i]), rig.Ratios(medians[i], medians[0])))
	}
	return nil
}

// fill sends the demo's orders and waits until SQL sees all.
func fill(ctx context.Context, s *rig.Scops, c *api, table string) error {
	url, err := c.queueURL(ctx, table)
	if err != nil {
		return err
	}
	gen := demo.NewGenerator()
	var mu sync.Mutex // of gen
	next := func() (events [][]byte) {
		mu.Lock()
		defer mu.Unlock()
		for len(events) < batch && gen.Book.Total < statisticsEvents {
			events = append(events, gen.Next())
		}
		return events
	}
	errs := make(chan error, senders)
	for range senders {
		go func() {
			c, err := newAPI(s)
			if err != nil {
				errs <- err
				return
			}
			defer c.close()
			for events := next(); len(events) > 0 && err == nil; events = next() {
				err = c.send(ctx, url, events...)
			}
			errs <- err
		}()
	}
	for range senders {
		err = errors.Join(err, <-errs)
	}
	for deadline := time.Now().Add(visibleWithin); err == nil; time.Sleep(50 * time.Millisecond) {
		var n int
		var rows [][]json.RawMessage
		if rows, err = c.query(ctx, "SELECT count(*) FROM bench."+table); err != nil {
			return err
		}
		if err = json.Unmarshal(rows[0][0], &n); n == statisticsEvents {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d of %d events are visible in %s", n, statisticsEvents, table)
		}
	}
	return err
}

func statisticSQL(column, from string) string {
	return "SELECT " + column + ", count(*) AS orders FROM " + from +
		" GROUP BY " + column + " ORDER BY orders DESC, " + column
}

const march = " WHERE year = '2021' AND month = '03'"

func onePage(ctx context.Context, c *api, table string, parts *parts) error {
	var sum timing
	for _, s := range statisticColumns {
		rows, t, err := c.timed(ctx, statisticSQL(s.name, "bench."+table+march))
		if err != nil {
			return err
		}
		sum.Planning += t.Planning
		sum.Engine += t.Engine
		sum.Total += t.Total
		if len(rows) != s.rows {
			return fmt.Errorf("%s: %d rows", s.name, len(rows))
		}
	}
	parts.add(sum)
	return nil
}

// parts are where pages of the one-call API spent their time, in ms.
type parts struct{ planning, engine, rest []float64 }

func (p *parts) add(t timing) {
	p.planning = append(p.planning, t.Planning)
	p.engine = append(p.engine, t.Engine)
	p.rest = append(p.rest, t.Total-t.Planning-t.Engine)
}

func (p *parts) print(w io.Writer) {
	fmt.Fprint(w, row("", "of one call: planning, engine, the rest (analysis, the durable result and record)",
		fmt.Sprintf("%.1f + %.1f + %.1f", rig.Median(p.planning), rig.Median(p.engine), rig.Median(p.rest)), "", ""))
}

func athenaPage(ctx context.Context, c *api, table string) error {
	for _, s := range statisticColumns {
		rows, err := c.athena(ctx, statisticSQL(s.name, "bench."+table+march))
		if err != nil {
			return err
		}
		if len(rows) != s.rows {
			return fmt.Errorf("%s: %d rows", s.name, len(rows))
		}
	}
	return nil
}

// parquetFiles are the data files below a folder.
func parquetFiles(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasPrefix(e.Name(), "_") && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, path)
		}
		return err
	})
	return files, err
}
