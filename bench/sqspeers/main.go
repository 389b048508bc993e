package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/scopsdb/scops/bench/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sqspeers:", err)
		os.Exit(1)
	}
}

// plan is what is measured.
type plan struct {
	targets []target
	cells   []cell
	rounds  int
	length  time.Duration
	dir     string
	warm    time.Duration
	signer  rig.Signer
}

func parse(ctx context.Context, args []string) (p plan, err error) {
	flags := flag.NewFlagSet("sqspeers", flag.ContinueOnError)
	flags.IntVar(&p.rounds, "rounds", 3, "interleaved rounds")
	flags.DurationVar(&p.length, "time", 300*time.Millisecond, "length of one measurement")
	flags.StringVar(&p.dir, "dir", ".", "folder on the disk under test, for the raw fdatasync")
	flags.DurationVar(&p.warm, "warm", time.Second, "length of each of three loads before the rounds, which a JVM needs")
	sizes := flags.String("sizes", "200,2048", "bytes of a message")
	clients := flags.String("clients", "1,16,64,256", "clients that send")
	cycles := flags.String("cycles", "1,64", "clients that send, receive and delete")
	batches := flags.String("batches", "1,10", "messages a request, at most 10")
	cycleSizes := flags.String("cycle-sizes", "200", "bytes of a message of theirs")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	batch, err := numbers(*batches)
	if err != nil {
		return p, err
	}
	for _, load := range []struct {
		kind           kind
		clients, sizes string
	}{{send, *clients, *sizes}, {cycle, *cycles, *cycleSizes}} {
		n, err := numbers(load.clients)
		if err != nil {
			return p, err
		}
		bytes, err := numbers(load.sizes)
		if err != nil {
			return p, err
		}
		p.cells = append(p.cells, loads(load.kind, batch, n, bytes)...)
	}
	for _, a := range flags.Args() {
		t, err := parseTarget(a)
		if err != nil {
			return p, err
		}
		p.targets = append(p.targets, t)
	}
	if len(p.targets) < 1 {
		return p, errors.New("no targets; the first one is compared with the others, for example scops=json:http://127.0.0.1:4566 goaws=query:http://127.0.0.1:4100")
	}
	p.signer, err = signer(ctx)
	return p, err
}

func signer(ctx context.Context) (rig.Signer, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return rig.Signer{}, err
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return rig.Signer{}, fmt.Errorf("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", err)
	}
	if cfg.Region == "" {
		return rig.Signer{}, errors.New("AWS_REGION is not set")
	}
	return rig.Signer{Keys: keys, Region: cfg.Region}, nil
}

func run(ctx context.Context, args []string) error {
	p, err := parse(ctx, args)
	if err != nil {
		return err
	}
	results := newResults(p.targets, p.cells)
	for _, t := range p.targets {
		for _, c := range []cell{{cycle, 1, 16, 200}, {cycle, 10, 16, 200}, {send, 10, 16, 200}} {
			if !t.does(c) {
				continue
			}
			if _, err := measure(ctx, p.signer, t, c, p.warm); err != nil {
				return fmt.Errorf("warm up %s, %v: %w", t.name, c, err)
			}
		}
	}
	for round := range p.rounds {
		if err := p.round(ctx, round, results); err != nil {
			return err
		}
	}
	results.print(os.Stdout)
	return nil
}

// round measures each cell at each target, one after the other.
func (p plan) round(ctx context.Context, round int, results *results) error {
	for _, c := range p.cells {
		if c.kind == send && c.batch == 1 && c.clients == 1 { // beside what is held against it
			p50, err := rig.RawSync(p.dir, c.size, 300*time.Millisecond)
			if err != nil {
				return err
			}
			results.sync[c.size] = append(results.sync[c.size], p50)
		}
		for _, t := range p.targets {
			if !t.does(c) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			s, err := measure(ctx, p.signer, t, c, p.length)
			if err != nil {
				return fmt.Errorf("%s, %v: %w", t.name, c, err)
			}
			results.add(t, c, s)
			fmt.Fprintf(os.Stderr, "round %d: %-10s %v %9.0f msg/s\n", round+1, t.name, c, s.rate)
		}
	}
	return nil
}
