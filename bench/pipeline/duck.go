package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

// duck is plain DuckDB in this process, with its defaults, on one connection.
type duck struct {
	db   *sql.DB
	conn *sql.Conn
}

func newDuck(ctx context.Context) (*duck, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &duck{db, conn}, nil
}

func (d *duck) close() {
	d.conn.Close()
	d.db.Close()
}

// path asks the statistics over an explicit list of files: with the partition
// columns of their paths, typed, and the same WHERE; or without both.
func (d *duck) path(title string, files []string, hive bool) path {
	from := "read_parquet(['" + strings.Join(files, "', '") + "'])"
	if hive {
		from = strings.TrimSuffix(from, ")") + ", hive_partitioning = true, hive_types = {year: VARCHAR, month: VARCHAR, day: VARCHAR})" + march
	}
	return path{title, func(ctx context.Context) error {
		for _, s := range statisticColumns {
			if err := d.ask(ctx, statisticSQL(s.name, from), s.rows); err != nil {
				return err
			}
		}
		return nil
	}}
}

func (d *duck) ask(ctx context.Context, text string, want int) error {
	rows, err := d.conn.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	n, total := 0, 0
	for rows.Next() {
		var label string
		var orders int
		if err := rows.Scan(&label, &orders); err != nil {
			return err
		}
		n++
		total += orders
	}
	if rows.Err() == nil && (n != want || total != statisticsEvents) {
		return fmt.Errorf("%d rows with %d events", n, total)
	}
	return rows.Err()
}
