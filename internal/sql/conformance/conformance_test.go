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
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

var (
	trino   = flag.String("trino", "", "ask the Trino at this address, http://host:port, for the answers that are not known")
	again   = flag.Bool("again", false, "with -trino: ask for all answers anew")
	refused = flag.Bool("refused", false, "write down which queries scops refuses")
	only    = flag.String("cases", "*", "the families to run, as a glob")
)

// slow is from when on a query's time is told with -v.
const slow = 2 * time.Second

// count is a line of the table that TestConformance prints.
type count struct {
	family                         string
	cases, agree, refused, differs int
}

// TestConformance runs all cases and compares. Where Trino fails scops must fail
// with an error of the same name; where both find the error before the query
// runs, at the same place.
func TestConformance(t *testing.T) {
	l := openLake(t)
	paths, err := filepath.Glob("../../../testdata/conformance/" + *only + ".sql")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var counts []count
	for _, path := range paths {
		f := readFile(t, path)
		t.Run(f.name, func(t *testing.T) {
			if *trino != "" {
				f.record(t)
			}
			counts = append(counts, f.compare(t, l))
			if *trino != "" || *refused {
				f.writeGolden(t)
			}
		})
	}
	t.Log("\n" + table(counts))
}

// table prints the counts with their sum.
func table(counts []count) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	sum := count{family: "all"}
	fmt.Fprintln(w, "family\tcases\tagree\trefused\tdiffer")
	for _, c := range counts {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", c.family, c.cases, c.agree, c.refused, c.differs)
		sum.cases, sum.agree, sum.refused, sum.differs = sum.cases+c.cases, sum.agree+c.agree, sum.refused+c.refused, sum.differs+c.differs
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", sum.family, sum.cases, sum.agree, sum.refused, sum.differs)
	_ = w.Flush()
	return b.String()
}

// record asks Trino, four queries at a time.
func (f *caseFile) record(t *testing.T) {
	version, err := askTrino(*trino, f.schema, "SELECT version()")
	require.NoError(t, err)
	if version.rows != f.version {
		return
	}
	var all sync.WaitGroup
	var mu sync.Mutex // of the cases and the golden file
	work := make(chan *queryCase)
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for c := range work {
				began := time.Now()
				a, err := askTrino(*trino, f.schema, c.query)
				if err != nil {
					t.Errorf("%s:%d: %s: %v", f.path, c.line, c.query, err)
					continue
				}
				mu.Lock()
				if c.trino = a; time.Since(began) > slow {
					f.writeGolden(t) // what took long is not lost when the rest fails
				}
				mu.Unlock()
			}
		}()
	}
	var ask []*queryCase
	for i := range f.cases {
		if *again || f.cases[i].trino.columns == "" {
			ask = append(ask, &f.cases[i])
		}
	}
	for _, c := range ask {
		work <- c
	}
	close(work)
	all.Wait()
}

func (f *caseFile) compare(t *testing.T, l lake) count {
	n := count{family: f.name, cases: len(f.cases)}
	for i := range f.cases {
		c := &f.cases[i]
		if c.trino.columns == "" {
			t.Errorf("%s:%d: no answer of Trino is known, record it", f.path, c.line)
			continue
		}
		began := time.Now()
		have := askScops(l, f.database(), c.query)
		if d := time.Since(began); d > slow {
			t.Logf("%s:%d: takes %v", f.path, c.line, d.Round(time.Millisecond))
		}
		if *refused {
			c.refused = ""
		}
		switch {
		case f.rules.agree(c.query, have, c.trino) && c.refused == "":
			n.agree++
		case have.failed() && (!c.trino.failed() || *refused || have.errorName() == c.refused):
			if *refused {
				c.refused = have.errorName()
			}
			n.refused++
			if c.refused != have.errorName() {
				t.Errorf("%s:%d: %s\n refused with %s\n trino %s: %s", f.path, c.line, c.query, have.rows, c.trino.columns, c.trino.rows)
			}
		default:
			n.differs++
			t.Errorf("%s:%d: %s\n   is %s: %s\n want %s: %s", f.path, c.line, c.query, have.columns, have.rows, c.trino.columns, c.trino.rows)
		}
	}
	return n
}

// askScops runs a query as scops does.
func askScops(l lake, database, query string) answer {
	stmt, err := parser.ParseStatement(query)
	if err != nil {
		return failure(err)
	}
	ctx := context.Background()
	an, err := analyzer.Analyze(ctx, stmt, analyzer.Options{
		Catalog: l.catalog, Database: database, Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC),
	})
	if err != nil {
		return failure(err)
	}
	scans := make([]planner.Scan, len(an.Scans))
	for i, scan := range an.Scans {
		if scans[i], err = l.planner.Plan(ctx, scan); err != nil {
			return failure(err)
		}
	}
	rows, err := l.engine.Query(ctx, engine.Query{Analysis: an, Text: query, Scans: scans})
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
