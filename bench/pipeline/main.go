package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// options of all benchmarks.
type options struct {
	binary string        // of scops
	dir    string        // folder on the disk under test
	rounds int           // interleaved
	length time.Duration // of one measurement
	python string        // with boto3
	args   []string      // behind the name of the benchmark
	out    io.Writer
}

var benchmarks = map[string]func(context.Context, options) error{
	"freshness":  freshness,
	"lambda":     invoke,
	"statistics": statistics,
	"memory":     memory,
	"page":       page,
	"sustained":  sustained,
	"wholeway":   wholeWay,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o := options{out: os.Stdout}
	flags := flag.NewFlagSet("pipeline", flag.ContinueOnError)
	flags.StringVar(&o.binary, "scops", "bin/scops", "binary under test")
	flags.StringVar(&o.dir, "dir", ".", "folder on the disk under test")
	flags.IntVar(&o.rounds, "rounds", 5, "interleaved rounds")
	flags.DurationVar(&o.length, "time", 5*time.Second, "length of one measurement")
	flags.StringVar(&o.python, "python", "python3", "interpreter that has boto3")
	if err := flags.Parse(args); err != nil {
		return err
	}
	benchmark, ok := benchmarks[flags.Arg(0)]
	if !ok {
		return fmt.Errorf("%q is none of freshness, lambda, statistics, memory, page, sustained, wholeway", flags.Arg(0))
	}
	o.args = flags.Args()[1:]
	return benchmark(ctx, o)
}
