package conformance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/sqltest"
	"github.com/scopsdb/scops/internal/sql/types"
)

var (
	trino   = flag.String("trino", "", "record the answers of the Trino at this address, http://host:port")
	refused = flag.Bool("refused", false, "write which queries scops refuses")
	only    = flag.String("cases", "testdata/*.tsv", "the files of cases")
)

// TestConformance runs all cases and compares. Where Trino fails scops must fail
// with an error of the same name; where both find the error before the query
// runs, at the same place.
func TestConformance(t *testing.T) {
	e, err := duckdb.Open(duckdb.Options{Threads: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	store := sqltest.Catalog(t)
	files, err := filepath.Glob(*only)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".tsv"), func(t *testing.T) {
			lines := readLines(t, path)
			if *trino != "" {
				record(t, lines)
			}
			compare(t, e, store, path, lines)
			if *trino != "" || *refused {
				writeLines(t, path, lines)
			}
		})
	}
}

// record asks Trino, four queries at a time.
func record(t *testing.T, lines []line) {
	var all sync.WaitGroup
	work := make(chan *line)
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for l := range work {
				var err error
				if l.trino, err = askTrino(*trino, l.query); err != nil {
					t.Errorf("%s: %v", l.query, err)
				}
			}
		}()
	}
	for i := range lines {
		if lines[i].query != "" {
			work <- &lines[i]
		}
	}
	close(work)
	all.Wait()
}

func compare(t *testing.T, e *duckdb.Engine, store *catalog.Store, path string, lines []line) {
	agree, refusals, differ := 0, 0, 0
	for i := range lines {
		l := &lines[i]
		if l.query == "" {
			continue
		}
		have := askScops(e, store, l.query)
		if *refused {
			l.refused = ""
		}
		switch {
		case have.agrees(l.trino) && l.refused == "":
			agree++
		case have.failed() && (!l.trino.failed() || *refused || have.errorName() == l.refused):
			if *refused {
				l.refused = have.errorName()
			}
			refusals++
			if l.refused != have.errorName() {
				t.Errorf("%s:%d: %s\n refused with %s\n trino %s: %s", path, i+1, l.query, have.rows, l.trino.columns, l.trino.rows)
			}
		default:
			differ++
			t.Errorf("%s:%d: %s\n   is %s: %s\n want %s: %s", path, i+1, l.query, have.columns, have.rows, l.trino.columns, l.trino.rows)
		}
	}
	t.Logf("%d agree, %d refused, %d differ", agree, refusals, differ)
}

// askScops runs a query as scops does. The catalog has tables, but no files.
func askScops(e *duckdb.Engine, store *catalog.Store, query string) answer {
	stmt, err := parser.ParseStatement(query)
	if err != nil {
		return failure(err)
	}
	ctx := context.Background()
	an, err := analyzer.Analyze(ctx, stmt, analyzer.Options{
		Catalog: store, Database: "shop", Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC),
	})
	if err != nil {
		return failure(err)
	}
	rows, err := e.Query(ctx, engine.Query{Analysis: an, Text: query})
	if err != nil {
		return failure(err)
	}
	defer rows.Close()
	names := make([]string, len(an.Columns))
	for i, c := range an.Columns {
		names[i] = c.Name + " " + c.Type.String()
	}
	var out []string
	for {
		row, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return answer{strings.Join(names, ", "), joinRows(query, out)}
		}
		if err != nil {
			return failure(err)
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = scopsText(an.Columns[i].Type, v)
		}
		out = append(out, strings.Join(cells, " | "))
	}
}

// scopsText is a value as scops prints it, with the entries of maps in the order
// of their text.
func scopsText(t types.Type, v any) string {
	sortMaps(t, v)
	text, ok := types.Text(t, v)
	if !ok {
		return "NULL"
	}
	return text
}

func sortMaps(t types.Type, v any) {
	switch x := v.(type) {
	case []any:
		for i, e := range x {
			if t.Kind == types.Array {
				sortMaps(t.Elem(), e)
			} else {
				sortMaps(t.Fields[i].Type, e)
			}
		}
	case types.MapValue:
		for _, e := range x {
			sortMaps(t.Key(), e.Key)
			sortMaps(t.Value(), e.Value)
		}
		sort.Slice(x, func(i, j int) bool { return scopsText(t.Key(), x[i].Key) < scopsText(t.Key(), x[j].Key) })
	}
}

// failure is an error's name and, where it was found before the query ran, its
// place.
func failure(err error) answer {
	var known *analyzer.Error
	if errors.As(err, &known) {
		place := ""
		if known.Line > 0 {
			place = fmt.Sprintf("%d:%d", known.Line, known.Column)
		}
		return errorCase(known.Name, place)
	}
	var ran *engine.Error
	if errors.As(err, &ran) {
		return errorCase(ran.Name, "")
	}
	if name, _, ok := functions.ParseError(err.Error()); ok {
		return errorCase(name, "")
	}
	return errorCase("UNKNOWN", err.Error())
}
