package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"syscall"

	"github.com/mattn/go-sqlite3" // and the driver
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// DB is catalog.db: one writer at a time, many readers (WAL).
type DB struct {
	Write *sql.DB // a single connection, immediate transactions
	Read  *sql.DB // query only
}

// Open opens or creates the file at path. A committed transaction is on disk
// (synchronous=FULL).
func Open(path string) (*DB, error) {
	write, err := open(path, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(context.Background()); err != nil { // creates the file before readers open it
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read, err := open(path, url.Values{"_query_only": {"true"}})
	if err != nil {
		write.Close()
		return nil, err
	}
	read.SetMaxOpenConns(4)
	return &DB{Write: write, Read: read}, nil
}

func open(path string, q url.Values) (*sql.DB, error) {
	q.Set("_journal_mode", "WAL")
	q.Set("_synchronous", "FULL")
	q.Set("_busy_timeout", "10000")
	q.Set("_foreign_keys", "true")
	db, err := sql.Open(driverName, "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

// IsFull tells whether a change failed because the disk is full. Nothing of it
// was stored.
func IsFull(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT)
}

// Migrate runs the SQL migrations in files (goose format, *.sql) that owner has
// not run yet. Each owner has its own version table.
func (db *DB) Migrate(ctx context.Context, owner string, files fs.FS) error {
	store, err := database.NewStore(database.DialectSQLite3, owner+"_migrations")
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", owner, err)
	}
	p, err := goose.NewProvider("", db.Write, files, goose.WithStore(store))
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", owner, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations of %s: %w", owner, err)
	}
	return nil
}

// Close closes all connections.
func (db *DB) Close() error {
	rerr := db.Read.Close()
	if err := db.Write.Close(); err != nil {
		return err
	}
	return rerr
}
