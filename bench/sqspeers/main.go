package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/scopsdb/scops/bench/rig"
)

// target is a server under test, given as NAME=PROTOCOL:URL, for example
// goaws=query:http://127.0.0.1:4100.
type target struct {
	name, protocol, url string
}

// cell is one load: messages a request and clients.
type cell struct{ batch, clients int }

var cells = []cell{{1, 1}, {1, 16}, {1, 64}, {10, 1}, {10, 16}, {10, 64}}

func parseTarget(s string) (target, error) {
	name, rest, ok := strings.Cut(s, "=")
	protocol, url, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || protocol != "json" && protocol != "query" {
		return target{}, fmt.Errorf("%q is not NAME=json:URL or NAME=query:URL", s)
	}
	return target{name, protocol, strings.TrimRight(url, "/")}, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sqspeers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("sqspeers", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "interleaved rounds")
	length := flags.Duration("time", 2*time.Second, "length of one measurement")
	size := flags.Int("size", 512, "bytes of a message body")
	dir := flags.String("dir", ".", "folder on the disk under test, for the raw fdatasync")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var targets []target
	for _, a := range flags.Args() {
		t, err := parseTarget(a)
		if err != nil {
			return err
		}
		targets = append(targets, t)
	}
	if len(targets) < 1 {
		return errors.New("no targets; the first one is compared with the others, for example scops=json:http://127.0.0.1:4566 goaws=query:http://127.0.0.1:4100")
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", err)
	}
	region := cfg.Region
	if region == "" {
		return errors.New("AWS_REGION is not set")
	}
	s := rig.Signer{Keys: keys, Region: region}
	results := newResults(targets)
	for _, t := range targets { // a JVM needs it
		for _, batch := range []int{1, 10} {
			if _, err := measure(ctx, s, t, cell{batch, 16}, *size, *length); err != nil {
				return fmt.Errorf("warm up %s: %w", t.name, err)
			}
		}
	}
	for round := range *rounds {
		p50, err := rig.RawSync(*dir, *size, 300*time.Millisecond)
		if err != nil {
			return err
		}
		results.sync = append(results.sync, p50)
		for _, c := range cells {
			for _, t := range targets {
				if err := ctx.Err(); err != nil {
					return err
				}
				rate, err := measure(ctx, s, t, c, *size, *length)
				if err != nil {
					return fmt.Errorf("%s, batch %d, %d clients: %w", t.name, c.batch, c.clients, err)
				}
				results.add(t, c, rate)
				fmt.Fprintf(os.Stderr, "round %d: %-10s batch=%-2d clients=%-2d %9.0f msg/s\n", round+1, t.name, c.batch, c.clients, rate)
			}
		}
	}
	results.print(os.Stdout)
	return nil
}
