package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/scopsdb/scops/bench/rig"
)

// bench is what the measurements need.
type bench struct {
	ctx         context.Context
	binary, dir string
	partitions  []int
	objects     int // in the largest table
	rounds      int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{ctx: ctx, partitions: []int{1, 1000, 100_000}}
	flag.StringVar(&b.binary, "scops", "bin/scops", "binary of scops")
	flag.StringVar(&b.dir, "dir", ".", "folder on the disk under test")
	flag.IntVar(&b.objects, "objects", 100_000, "objects in the largest table")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "planning:", err)
		os.Exit(1)
	}
}

func (b *bench) run() (err error) {
	s := &server{bench: b}
	if s.Scops, err = rig.Start(b.binary, b.dir, "buckets: [{name: lake}]\n"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.connect(); err != nil {
		return err
	}
	for _, n := range b.partitions {
		if err := s.fill(n); err != nil {
			return err
		}
	}
	for _, measure := range []func() error{s.queries, s.listings, s.cold, s.whole} {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}
