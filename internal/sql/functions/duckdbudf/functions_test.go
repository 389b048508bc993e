package duckdbudf_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

var show = flag.Bool("show", false, "print what each expression of testdata gives")

// TestFunctions runs testdata/*.txt. Each line is an expression, " | ", and
// Trino's answer: the text of the value with "NULL" for NULL, or "!" and the
// beginning of an error. The answers are those of a Trino 435, which package
// conformance compares with, except where scops refuses. A line "FROM …" sets the relation for the lines
// after it; "FROM" alone ends it.
func TestFunctions(t *testing.T) {
	e, err := duckdb.Open(duckdb.Options{Threads: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) { runFile(t, e, path) })
	}
}

func runFile(t *testing.T, e *duckdb.Engine, path string) {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	from := ""
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case line == "FROM" || strings.HasPrefix(line, "FROM "):
			from = " " + strings.TrimSpace(strings.TrimPrefix(line, "FROM"))
			if from != " " {
				from = " " + line
			}
			continue
		}
		line += " " // an empty answer ends with the bar
		i := strings.LastIndex(line, " | ")
		require.Positivef(t, i, "%s:%d has no answer", path, n)
		expr, want := strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+3:])
		got := evaluate(e, "SELECT "+expr+from)
		if *show {
			fmt.Printf("%s | %s\n", expr, got)
		}
		if !same(want, got) {
			t.Errorf("%s:%d: %s\n   is %s\n want %s", path, n, expr, got, want)
		}
	}
	require.NoError(t, lines.Err())
}

func same(want, got string) bool {
	if prefix, ok := strings.CutPrefix(want, "!"); ok {
		return strings.HasPrefix(got, "!"+prefix)
	}
	return want == got
}

// evaluate gives the text of the one value of a query; of several rows, all
// values with ";" between.
func evaluate(e *duckdb.Engine, query string) string {
	stmt, err := parser.ParseStatement(query)
	if err != nil {
		return "!" + err.Error()
	}
	an, err := analyzer.Analyze(context.Background(), stmt, analyzer.Options{Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)})
	if err != nil {
		return "!" + analysisText(err)
	}
	rows, err := e.Query(context.Background(), engine.Query{Analysis: an, Text: query})
	if err != nil {
		return "!" + runText(err)
	}
	defer rows.Close()
	var out []string
	for {
		row, err := rows.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return strings.Join(out, ";")
		}
		if err != nil {
			return "!" + runText(err)
		}
		text, ok := types.Text(an.Columns[0].Type, row[0])
		if !ok {
			text = "NULL"
		}
		out = append(out, text)
	}
}

func analysisText(err error) string {
	var known *analyzer.Error
	if errors.As(err, &known) {
		return known.Name + ": " + known.Message
	}
	return err.Error()
}

// runText names DuckDB's own errors as ParseError does.
func runText(err error) string {
	if name, text, ok := functions.ParseError(err.Error()); ok {
		return name + ": " + text
	}
	return err.Error()
}
