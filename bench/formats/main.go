package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// options of the benchmark.
type options struct {
	binary string // of scops
	dir    string // folder on the disk under test
	rows   int
	rounds int
	trino  string // folder of an unpacked trino-server, or "" for none
	java   string // that runs it

	writing bool // alone
}

func main() {
	var o options
	flag.StringVar(&o.binary, "scops", "bin/scops", "binary under test")
	flag.StringVar(&o.dir, "dir", ".", "folder on the disk under test")
	flag.IntVar(&o.rows, "rows", 1_000_000, "orders")
	flag.IntVar(&o.rounds, "rounds", 5, "of all engines in turn, behind one that does not count")
	flag.StringVar(&o.trino, "trino", "", "folder of an unpacked trino-server")
	flag.BoolVar(&o.writing, "writing", false, "measure writing alone")
	flag.StringVar(&o.java, "java", "java", "that runs it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "formats:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	s, err := rig.Start(o.binary, o.dir, "buckets: [{name: bench}]\n")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	c := newScops(s)
	if err := load(ctx, c, s, o.rows); err != nil {
		return err
	}
	d, err := newDuck(ctx, s.Objects("bench"))
	if err != nil {
		return err
	}
	defer d.close()
	if o.writing {
		return measureWriting(ctx, out, c, d, s, o)
	}
	engines := []engine{c.engine(), d.engine()}
	if o.trino != "" {
		t, err := rig.StartTrino(ctx, s, o.java, o.trino, database)
		if err != nil {
			return err
		}
		defer t.Stop()
		engines = append(engines, engine{"Trino", t.Query, t.CPU, func(layout) bool { return true }})
	}
	costs, err := costs(ctx, c, s.Objects("bench"))
	if err != nil {
		return err
	}
	printCosts(out, costs)
	times, err := measure(ctx, engines, o.rounds)
	if err != nil {
		return err
	}
	printSpeeds(out, engines, times, costs, o.rows)
	return measureWriting(ctx, out, c, d, s, o)
}

// engine answers a query to its last row.
type engine struct {
	name  string
	query func(ctx context.Context, text string) (rows int, err error)
	cpu   func() (time.Duration, error) // of its process
	reads func(layout) bool
}

// work is what is measured over each layout.
var work = []struct {
	title   string
	queries []string // %s is the table
}{
	{"a column", []string{"SELECT district, count(*) FROM %s GROUP BY 1"}},
	{"all columns", []string{"SELECT max(order_id), max(ordered_at), max(district), max(delivery_type), max(product_name), sum(quantity), sum(price) FROM %s"}},
}

// spent is what one run took.
type spent struct{ wall, cpu float64 } // seconds

// measure gives what was spent by work, layout, engine and round.
func measure(ctx context.Context, engines []engine, rounds int) ([][][][]spent, error) {
	times := make([][][][]spent, len(work))
	for i := range times {
		times[i] = make([][][]spent, len(layouts))
		for j := range times[i] {
			times[i][j] = make([][]spent, len(engines))
		}
	}
	for round := range rounds + 1 {
		for i, w := range work {
			for j, l := range layouts {
				for k, e := range engines {
					if !e.reads(l) {
						continue
					}
					took, err := once(ctx, e, w.queries, l)
					if err != nil {
						return nil, fmt.Errorf("%s, %s: %w", e.name, l.table, err)
					}
					if round > 0 {
						times[i][j][k] = append(times[i][j][k], took)
					}
				}
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round, rounds)
	}
	return times, nil
}

// atLeast is how long a measurement goes on, since processor time is counted
// in hundredths of a second.
const atLeast = 500 * time.Millisecond

func once(ctx context.Context, e engine, queries []string, l layout) (spent, error) {
	before, err := e.cpu()
	if err != nil {
		return spent{}, err
	}
	start, n := time.Now(), 0.0
	for ; n == 0 || time.Since(start) < atLeast; n++ {
		for _, q := range queries {
			if _, err := e.query(ctx, fmt.Sprintf(q, l.table)); err != nil {
				return spent{}, err
			}
		}
	}
	wall := time.Since(start)
	after, err := e.cpu()
	return spent{wall.Seconds() / n, (after - before).Seconds() / n}, err
}

func printSpeeds(out io.Writer, engines []engine, times [][][][]spent, costs []cost, rows int) {
	for i, w := range work {
		fmt.Fprintf(out, "\nReading %s, a core:\n\n| format | engine | million rows/s | MB/s of the files | times the processor time of scops | ms |\n| --- | --- | --- | --- | --- | --- |\n", w.title)
		for j, l := range layouts {
			for k, e := range engines {
				if len(times[i][j][k]) == 0 {
					fmt.Fprintf(out, "| %s | %s | does not read it | | | |\n", l.title, e.name)
					continue
				}
				var speed, bytes, wall, cpu, own []float64
				for round, t := range times[i][j][k] {
					cpu, own = append(cpu, t.cpu), append(own, times[i][j][0][round].cpu)
					speed = append(speed, float64(rows)/t.cpu/1e6)
					bytes = append(bytes, float64(costs[j].size)/t.cpu/1e6)
					wall = append(wall, t.wall*1e3)
				}
				fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", l.title, e.name, rig.Spread(speed), rig.Spread(bytes), rig.Ratios(cpu, own), rig.Spread(wall))
			}
		}
	}
}
