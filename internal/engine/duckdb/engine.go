package duckdb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/functions/duckdbudf"
)

// Options of an engine.
type Options struct {
	// AllowedDirs are the only folders whose files a query can read.
	AllowedDirs []string
	// TempDir takes what does not fit the memory; "" spills nothing.
	TempDir string
	// MemoryLimit as DuckDB writes it ("4GiB"); "" is 60 % of the machine.
	MemoryLimit string
	// Remote gets objects of stores without local files; nil refuses them. Its
	// files lie in one of AllowedDirs.
	Remote Fetcher
	// Threads of the instance, shared by all queries; 0 is one a core.
	Threads int
}

// Engine is the embedded engine. It is safe for concurrent use.
type Engine struct {
	connector *driver.Connector
	allowed   []string // folders, with / at the end
	remote    Fetcher
	footers   *footerCache
	orcFiles  *fileCache[orcFile]
	scans     scanRegistry

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var errClosed = errors.New("the engine is closed")

// Open starts an instance and locks its configuration.
func Open(o Options) (*Engine, error) {
	c, err := driver.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	e := &Engine{connector: c, footers: newFooterCache(), orcFiles: newFileCache[orcFile](orcGeneration), remote: o.Remote}
	for _, d := range o.AllowedDirs {
		e.allowed = append(e.allowed, strings.TrimSuffix(filepath.Clean(d), "/")+"/")
	}
	if err := e.setUp(o); err != nil {
		c.Close()
		return nil, fmt.Errorf("start DuckDB: %w", err)
	}
	return e, nil
}

// setUp uses the driver's pool for the first connection alone; what it registers
// is the instance's.
func (e *Engine) setUp(o Options) error {
	ctx := context.Background()
	db := sql.OpenDB(keepOpen{e.connector})
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := duckdbudf.Setup(ctx, conn); err != nil {
		return err
	}
	if err := e.scans.register(conn); err != nil {
		return err
	}
	if o.TempDir != "" {
		if err := os.MkdirAll(o.TempDir, 0o700); err != nil {
			return err
		}
	}
	bounds, err := limits(ctx, conn, o)
	if err != nil {
		return err
	}
	statements := append(bounds, settings(o, e.allowed)...)
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// keepOpen is a connector that the pool does not close.
type keepOpen struct{ sqldriver.Connector }

// settings are the statements that make the instance what emitted SQL expects,
// and then forbid any change: no query can undo them.
func settings(o Options, allowed []string) []string {
	s := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL Calendar = 'gregorian'",
		"SET GLOBAL default_null_order = 'NULLS_LAST'",
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET enable_progress_bar = false",
		"SET preserve_insertion_order = false",
		// The page cache of the machine does this, and never shows an old version.
		"SET GLOBAL enable_external_file_cache = false",
	}
	if o.Threads > 0 {
		s = append(s, fmt.Sprintf("SET threads = %d", o.Threads))
	}
	s = append(s, "SET temp_directory = "+quote(o.TempDir))
	dirs := make([]string, len(allowed))
	for i, d := range allowed {
		dirs[i] = quote(d)
	}
	return append(s,
		"SET allowed_directories = ["+strings.Join(dirs, ", ")+"]",
		"SET enable_external_access = false",
		"SET lock_configuration = true",
	)
}

// mayRead says whether a file is in one of the folders: DuckDB checks what it
// opens itself, and this what Go opens.
func (e *Engine) mayRead(path string) bool {
	path = filepath.Clean(path)
	for _, d := range e.allowed {
		if strings.HasPrefix(path, d) {
			return true
		}
	}
	return false
}

// begin counts a query in, so that Close waits for it.
func (e *Engine) begin() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errClosed
	}
	e.running.Add(1)
	return nil
}

// Close waits for running queries and ends the instance.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.mu.Unlock()
	e.running.Wait()
	return e.connector.Close()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
