package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// options of the benchmark.
type options struct {
	binary  string // of scops
	dir     string // folder on the disk under test
	queries string // file with the queries
	data    string // folder with a Parquet file for each table
	rounds  int
	trino   string // folder of an unpacked trino-server, or "" for none
	java    string // that runs it
}

// engine answers a query to its last row and says how many there were.
type engine struct {
	name  string
	query func(ctx context.Context, text string) (rows int, err error)
}

func main() {
	var o options
	flag.StringVar(&o.binary, "scops", "bin/scops", "binary under test")
	flag.StringVar(&o.dir, "dir", ".", "folder on the disk under test")
	flag.StringVar(&o.queries, "queries", "testdata/conformance/tpch.sql", "the queries, each ended by a semicolon at the end of a line")
	flag.StringVar(&o.data, "data", "", "folder with a Parquet file for each table, as tpchgen-cli writes it")
	flag.IntVar(&o.rounds, "rounds", 3, "of all engines in turn, behind one that does not count")
	flag.StringVar(&o.trino, "trino", "", "folder of an unpacked trino-server")
	flag.StringVar(&o.java, "java", "java", "that runs it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tpch:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	queries, err := readQueries(o.queries)
	if err != nil {
		return err
	}
	s, err := rig.Start(o.binary, o.dir, "buckets: [{name: tpch}]\n")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := load(ctx, s, o); err != nil {
		return err
	}
	engines := []engine{newScops(s)}
	d, err := newDuck(ctx, s.Objects("tpch"))
	if err != nil {
		return err
	}
	defer d.close()
	engines = append(engines, engine{"plain DuckDB", d.query})
	if o.trino != "" {
		t, err := rig.StartTrino(ctx, s, o.java, o.trino, "tpch")
		if err != nil {
			return err
		}
		defer t.Stop()
		engines = append(engines, engine{"Trino", t.Query})
	}
	times, err := measure(ctx, engines, queries, o.rounds)
	if err != nil {
		return err
	}
	report(out, engines, queries, times)
	return nil
}

// readQueries gives the queries of a file of the SQL corpus.
func readQueries(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, q := range strings.SplitAfter(string(text), ";\n") {
		var lines []string
		for line := range strings.Lines(q) {
			if !strings.HasPrefix(line, "--") {
				lines = append(lines, line)
			}
		}
		if q := strings.TrimSuffix(strings.TrimSpace(strings.Join(lines, "")), ";"); q != "" {
			out = append(out, q)
		}
	}
	return out, nil
}

// measure gives seconds by engine, query and round. The first round warms every
// engine and is dropped. All engines must give as many rows.
func measure(ctx context.Context, engines []engine, queries []string, rounds int) ([][][]float64, error) {
	times := make([][][]float64, len(engines))
	for i := range times {
		times[i] = make([][]float64, len(queries))
	}
	for round := range rounds + 1 {
		for n, q := range queries {
			rows := -1
			for i, e := range engines {
				start := time.Now()
				got, err := e.query(ctx, q)
				if err != nil {
					return nil, fmt.Errorf("query %d on %s: %w", n+1, e.name, err)
				}
				if round > 0 {
					times[i][n] = append(times[i][n], time.Since(start).Seconds())
				}
				if rows >= 0 && got != rows {
					return nil, fmt.Errorf("query %d: %s gives %d rows, %s %d", n+1, engines[0].name, rows, e.name, got)
				}
				rows = got
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round, rounds)
	}
	return times, nil
}

// report prints a line for each query and one for the sums of each round.
func report(out io.Writer, engines []engine, queries []string, times [][][]float64) {
	head, rule := "| query |", "| --- |"
	for i, e := range engines {
		head, rule = head+" "+e.name+", ms |", rule+" --- |"
		if i > 0 {
			head, rule = head+" times scops |", rule+" --- |"
		}
	}
	fmt.Fprintln(out, head+"\n"+rule)
	for n := range queries {
		column := make([][]float64, len(engines))
		for i := range engines {
			column[i] = times[i][n]
		}
		fmt.Fprintln(out, line(fmt.Sprint(n+1), column))
	}
	sums := make([][]float64, len(engines))
	for i := range engines {
		sums[i] = make([]float64, len(times[i][0]))
		for n := range queries {
			for r, t := range times[i][n] {
				sums[i][r] += t
			}
		}
	}
	fmt.Fprintln(out, line("all", sums))
}

func line(title string, times [][]float64) string {
	text := "| " + title + " |"
	for i, t := range times {
		text += fmt.Sprintf(" %.0f |", rig.Median(t)*1000)
		if i > 0 {
			text += " " + rig.Ratios(t, times[0]) + " |"
		}
	}
	return text
}
