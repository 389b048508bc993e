package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/scopsdb/scops/bench/rig"
)

// page runs page.py against two servers with the same events: one that holds
// the answer to a start, as by default, and one that does not.
func page(ctx context.Context, o options) (err error) {
	args := []string{"bench/page.py", fmt.Sprint(o.rounds)}
	for _, hold := range []struct{ name, yaml string }{
		{"held for 50 ms", ""},
		{"not held", "athena: {hold: 0s}\n"},
	} {
		s, err := rig.Start(o.binary, o.dir, statisticsYAML()+hold.yaml)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Stop()) }()
		c, err := newAPI(s)
		if err != nil {
			return err
		}
		defer c.close()
		if err := fill(ctx, s, c, "daily"); err != nil {
			return err
		}
		args = append(args, hold.name+"="+filepath.Join(s.Data, "data"))
	}
	return o.runPython(ctx, args...)
}

// wholeWay runs wholeway.py against a new scops and a running MiniStack.
func wholeWay(ctx context.Context, o options) (err error) {
	if len(o.args) != 1 {
		return errors.New("give the URL of a running MiniStack")
	}
	s, err := rig.Start(o.binary, o.dir, wholeWayYAML(o.rounds))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	const events = 1_000
	return o.runPython(ctx, "bench/wholeway.py", fmt.Sprint(events), fmt.Sprint(o.rounds),
		"scops="+filepath.Join(s.Data, "data"), "ministack="+o.args[0])
}

// wholeWayYAML has a queue and a table for each round.
func wholeWayYAML(rounds int) string {
	var queues, statements, deliveries strings.Builder
	for i := range rounds {
		fmt.Fprintf(&queues, "  - name: r%d\n", i)
		fmt.Fprintf(&statements, `  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS bench.r%[1]d (
        order_id string, district string, delivery_type string, product_name string, quantity int)
      STORED AS PARQUET LOCATION 's3://bench/r%[1]d/'
`, i)
		fmt.Fprintf(&deliveries, "  - {name: r%[1]d, queue: r%[1]d, table: bench.r%[1]d, max_wait: 20ms, errors: 's3://bench/errors-r%[1]d/'}\n", i)
	}
	return "buckets: [{name: bench}]\nqueues:\n" + queues.String() + "statements:\n  - sql: CREATE DATABASE IF NOT EXISTS bench\n" +
		statements.String() + "deliveries:\n" + deliveries.String()
}

func (o options) runPython(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, o.python, args...)
	cmd.Stdout, cmd.Stderr = o.out, os.Stderr
	return cmd.Run()
}
