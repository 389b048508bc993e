package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

// tables of TPC-H.
var tables = []string{"customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"}

// duck is plain DuckDB in this process, with its defaults, on one connection.
type duck struct {
	db   *sql.DB
	conn *sql.Conn
}

// newDuck makes a view of each table over its files below a folder.
func newDuck(ctx context.Context, folder string) (*duck, error) {
	d, err := openDuck(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		text := fmt.Sprintf("CREATE VIEW %s AS FROM read_parquet('%s')", t, filepath.Join(folder, t, "*.parquet"))
		if _, err := d.conn.ExecContext(ctx, text); err != nil {
			return nil, errors.Join(err, d.close())
		}
	}
	return d, nil
}

func openDuck(ctx context.Context) (*duck, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	return &duck{db, conn}, err
}

func (d *duck) close() error { return errors.Join(d.conn.Close(), d.db.Close()) }

func (d *duck) query(ctx context.Context, text string) (int, error) {
	rows, err := d.conn.QueryContext(ctx, text)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	n := 0
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}
