package ddl

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

var rewrite = flag.Bool("rewrite", false, "write what the statements answer into testdata")

// lake is an executor on files.
type lake struct {
	testing.TB
	*Executor
}

func newLake(t testing.TB) *lake {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	o, err := objects.OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.Close()) })
	require.NoError(t, o.CreateBucket(t.Context(), "lake"))
	now := time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)
	return &lake{TB: t, Executor: &Executor{Catalog: c, Objects: o, Now: func() time.Time { return now }, Candidates: planner.New(c, o, tail.New()).Candidates}}
}

func (l *lake) put(uri, body string) {
	bucket, key, err := objects.SplitURI(uri)
	require.NoError(l, err)
	_, err = l.Objects.Put(l.Context(), bucket, key, strings.NewReader(body), int64(len(body)), objects.PutOptions{})
	require.NoError(l, err)
}

func (l *lake) exec(statement string) (Result, error) {
	s, err := hive.Parse(statement)
	if err != nil {
		return Result{}, err
	}
	return l.Execute(l.Context(), s, Context{Database: "shop"})
}

func (l *lake) must(statement string) Result {
	l.Helper()
	r, err := l.exec(statement)
	require.NoError(l, err, statement)
	return r
}

// answer runs one block of a test file and prints what it answers. A row stands
// between bars, with → for a tab.
func (l *lake) answer(block string) string {
	switch word, rest, _ := strings.Cut(block, " "); word {
	case "put":
		for _, uri := range strings.Fields(rest) {
			l.put(uri, "x")
		}
		return ""
	case "claim":
		require.NoError(l, l.Catalog.ClaimTable(l.Context(), "shop", rest, "orders"))
		return ""
	case "partitions":
		ps, err := l.Catalog.Partitions(l.Context(), "shop", rest)
		require.NoError(l, err)
		out := ""
		for _, p := range ps {
			out += fmt.Sprintln(p.Values, p.Location)
		}
		return out
	}
	r, err := l.exec(block)
	var e *Error
	switch {
	case errors.As(err, &e):
		return fmt.Sprintf("! %s: %s\n", e.Kind, e.Message)
	case err != nil:
		return "! " + err.Error() + "\n"
	}
	out := ""
	for i, c := range r.Columns {
		out += map[bool]string{true: "# ", false: ", "}[i == 0] + c.Name + " " + c.Type
	}
	if out != "" {
		out += "\n"
	}
	for _, row := range r.Rows {
		require.Len(l, row, 1)
		out += "|" + strings.ReplaceAll(row[0], "\t", "→") + "|\n"
	}
	return out
}

// TestStatements runs the files of testdata: blocks of a statement (or put URI…,
// claim TABLE, partitions TABLE), "----", and what it answers, with an empty
// line after.
func TestStatements(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			l := newLake(t)
			l.must("CREATE DATABASE shop")
			f, err := os.Open(file)
			require.NoError(t, err)
			defer f.Close()
			var got strings.Builder
			var block []string
			answering := false
			scanner := bufio.NewScanner(f)
			for scanner.Scan() {
				line := scanner.Text()
				switch {
				case strings.HasPrefix(line, "//") || line == "" && len(block) == 0:
					fmt.Fprintln(&got, line)
					answering = false
				case line == "----":
					statement := strings.Join(block, "\n")
					fmt.Fprintf(&got, "%s\n----\n%s", statement, l.answer(statement))
					block, answering = nil, true
				case line == "":
					fmt.Fprintln(&got)
					answering = false
				case !answering:
					block = append(block, line)
				}
			}
			require.NoError(t, scanner.Err())
			require.Empty(t, block, "a statement without ----")
			if *rewrite {
				require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got.String())
		})
	}
}

func TestViews(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	ctx, c := t.Context(), Context{Database: "shop"}
	v := View{Name: "Daily", SQL: "SELECT day, n\nFROM orders", Columns: []analyzer.Column{{Name: "day", Type: types.VarcharUnbounded}, {Name: "n", Type: types.BigIntType}}}
	require.NoError(t, l.CreateView(ctx, v, c))
	require.EqualError(t, l.CreateView(ctx, v, c), "TABLE_ALREADY_EXISTS: line 1:1: View already exists: 'awsdatacatalog.shop.daily'")
	v.Replace, v.Comment = true, "by day"
	require.NoError(t, l.CreateView(ctx, v, c))

	table, err := l.Catalog.Table(ctx, "shop", "daily")
	require.NoError(t, err)
	require.Equal(t, catalog.VirtualView, table.Type)
	require.Equal(t, []catalog.Column{{Name: "day", Type: "string"}, {Name: "n", Type: "bigint"}}, table.Columns)
	require.Equal(t, map[string]string{"presto_view": "true", "comment": "Presto View"}, table.Parameters)
	stored, err := analyzer.DecodeView(table.ViewOriginalText)
	require.NoError(t, err)
	require.Equal(t, v.SQL, stored.SQL)
	require.Equal(t, "shop", stored.Schema)

	require.Equal(t, [][]string{{"daily"}}, l.must("SHOW VIEWS").Rows)
	require.Equal(t, [][]string{{"CREATE VIEW shop.daily COMMENT 'by day' AS "}, {"SELECT day, n"}, {"FROM orders"}}, l.must("SHOW CREATE VIEW daily").Rows)
	require.Equal(t, [][]string{{"day                 \tvarchar             "}, {"n                   \tbigint              "}}, l.must("DESCRIBE daily").Rows)
	_, err = l.exec("DROP TABLE daily")
	require.ErrorContains(t, err, "Cannot drop a view with DROP TABLE")
	_, err = l.exec("MSCK REPAIR TABLE daily")
	require.ErrorContains(t, err, "is a view")

	bad := v
	bad.Columns = []analyzer.Column{{Name: "t", Type: types.TimestampTZType(3)}}
	require.ErrorContains(t, l.CreateView(ctx, bad, c), "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone")
	lost := v
	lost.Database = "nowhere"
	require.ErrorContains(t, l.CreateView(ctx, lost, c), "Database does not exist: nowhere")
	l.must("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")
	onTable := v
	onTable.Name = "t"
	require.ErrorContains(t, l.CreateView(ctx, onTable, c), "TABLE_ALREADY_EXISTS")
	require.ErrorContains(t, l.DropView(ctx, "", "t", false, c), "TABLE_NOT_FOUND")

	require.NoError(t, l.DropView(ctx, "shop", "DAILY", false, c))
	require.ErrorContains(t, l.DropView(ctx, "", "daily", false, c), "TABLE_NOT_FOUND")
	require.NoError(t, l.DropView(ctx, "", "daily", true, c))
}

// FuzzQuote checks that what SHOW CREATE TABLE quotes is read as the same text.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"a", "it's", "\\", "\x01,\n\t", "\\%_", "한국"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		s, err := hive.Parse("CREATE DATABASE x COMMENT " + quote(text))
		require.NoError(t, err)
		require.Equal(t, text, s.(*hive.CreateDatabase).Comment)
	})
}
