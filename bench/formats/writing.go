package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// written are the tables that are written from the lines of JSON: by scops with
// CREATE TABLE AS, by plain DuckDB with COPY.
var written = []struct{ title, with, copy string }{
	{"Parquet, snappy", "format = 'PARQUET', write_compression = 'SNAPPY'", "FORMAT parquet, COMPRESSION snappy"},
	{"Parquet, gzip", "format = 'PARQUET', write_compression = 'GZIP'", "FORMAT parquet, COMPRESSION gzip"},
	{"Parquet, zstd", "format = 'PARQUET', write_compression = 'ZSTD'", "FORMAT parquet, COMPRESSION zstd"},
	{"JSON, gzip", "format = 'JSON', write_compression = 'GZIP'", "FORMAT json, COMPRESSION gzip"},
	{"ORC, zlib", "format = 'ORC'", ""},
}

// measureWriting copies the lines of JSON into other formats and prints how fast.
func measureWriting(ctx context.Context, out io.Writer, c *scops, d *duck, s *rig.Scops, o options) error {
	fmt.Fprint(out, "\nWriting all columns of the JSON, one statement:\n\n| format | engine | million rows/s | times the time of plain DuckDB | times its processor time |\n| --- | --- | --- | --- | --- |\n")
	target := filepath.Join(s.Objects("bench"), "copies")
	if err := os.MkdirAll(target, 0o700); err != nil {
		return err
	}
	for i, w := range written {
		var ours, theirs []spent
		for round := range o.rounds + 1 {
			name := fmt.Sprintf("w_%d_%d", i, round)
			took, err := timed(c.server.CPU, func() error {
				_, err := c.run(ctx, fmt.Sprintf("CREATE TABLE %s.%s WITH (external_location = 's3://bench/copies/%s/', %s) AS SELECT * FROM %s.json", database, name, name, w.with, database))
				return err
			})
			if err != nil {
				return err
			}
			plain, err := spent{}, error(nil)
			if w.copy != "" {
				plain, err = timed(ownCPU, func() error {
					_, err := d.conn.ExecContext(ctx, fmt.Sprintf("COPY json TO '%s' (%s)", filepath.Join(target, name+".duckdb"), w.copy))
					return err
				})
			}
			if err != nil {
				return err
			}
			if round > 0 {
				ours, theirs = append(ours, took), append(theirs, plain)
			}
		}
		printWriting(out, w.title, ours, theirs, o.rows)
	}
	return nil
}

func timed(cpu func() (time.Duration, error), do func() error) (spent, error) {
	before, err := cpu()
	if err != nil {
		return spent{}, err
	}
	start := time.Now()
	if err := do(); err != nil {
		return spent{}, err
	}
	wall := time.Since(start)
	after, err := cpu()
	return spent{wall.Seconds(), (after - before).Seconds()}, err
}

func printWriting(out io.Writer, title string, ours, theirs []spent, rows int) {
	var speed, plainSpeed, wall, plainWall, cpu, plainCPU []float64
	for i := range ours {
		speed = append(speed, float64(rows)/ours[i].wall/1e6)
		wall, cpu = append(wall, ours[i].wall), append(cpu, ours[i].cpu)
		if theirs[i].wall > 0 {
			plainSpeed = append(plainSpeed, float64(rows)/theirs[i].wall/1e6)
			plainWall, plainCPU = append(plainWall, theirs[i].wall), append(plainCPU, theirs[i].cpu)
		}
	}
	if plainSpeed == nil {
		fmt.Fprintf(out, "| %s | scops | %s | | |\n| %s | plain DuckDB | does not write it | | |\n", title, rig.Spread(speed), title)
		return
	}
	fmt.Fprintf(out, "| %s | scops | %s | %s | %s |\n", title, rig.Spread(speed), rig.Ratios(wall, plainWall), rig.Ratios(cpu, plainCPU))
	fmt.Fprintf(out, "| %s | plain DuckDB | %s | 1 | 1 |\n", title, rig.Spread(plainSpeed))
}
