package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	_ "github.com/duckdb/duckdb-go/v2" // the driver

	"github.com/scopsdb/scops/bench/rig"
	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
)

// scops asks with one call a query.
type scops struct {
	client client.Client
	server *rig.Scops
}

func newScops(s *rig.Scops) *scops {
	keys := func(context.Context) (aws.Credentials, error) { return s.Signer.Keys, nil }
	return &scops{client.Client{Endpoint: s.Endpoint, Region: rig.Region, Credentials: aws.CredentialsProviderFunc(keys)}, s}
}

func (c *scops) run(ctx context.Context, text string) (httpapi.Statistics, error) {
	rows, err := c.client.Query(ctx, httpapi.QueryRequest{SQL: text, Database: database})
	if err != nil {
		return httpapi.Statistics{}, err
	}
	defer rows.Close()
	for {
		if _, err := rows.Next(); errors.Is(err, io.EOF) {
			return rows.Statistics, nil
		} else if err != nil {
			return httpapi.Statistics{}, err
		}
	}
}

func (c *scops) engine() engine {
	query := func(ctx context.Context, text string) (int, error) {
		statistics, err := c.run(ctx, text)
		return int(statistics.Rows), err
	}
	return engine{"scops", query, c.server.CPU, func(layout) bool { return true }}
}

// duck is plain DuckDB in this process, with its defaults, on one connection.
type duck struct {
	db   *sql.DB
	conn *sql.Conn
}

// newDuck makes a view of each layout that it reads.
func newDuck(ctx context.Context, folder string) (*duck, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	d := &duck{db, conn}
	for _, l := range layouts {
		if l.duck == "" {
			continue
		}
		from := fmt.Sprintf(l.duck, filepath.Join(folder, l.table, "*"))
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("CREATE VIEW %s AS FROM %s", l.table, from)); err != nil {
			d.close()
			return nil, fmt.Errorf("%s: %w", l.table, err)
		}
	}
	return d, nil
}

func (d *duck) close() {
	d.conn.Close()
	d.db.Close()
}

func (d *duck) engine() engine {
	return engine{"plain DuckDB", d.query, ownCPU, func(l layout) bool { return l.duck != "" }}
}

func (d *duck) query(ctx context.Context, text string) (int, error) {
	rows, err := d.conn.QueryContext(ctx, text)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// ownCPU is the processor time of this process.
func ownCPU() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}
