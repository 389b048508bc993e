package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is what a query gives.
type answer struct {
	columns string // "_col0 integer, n bigint", or "!" for an error
	rows    string // rows with " ; " between, cells with " | "; or "NAME 1:8" of an error
}

func (a answer) failed() bool { return a.columns == "!" }

// errorName is the name of the error without its place.
func (a answer) errorName() string {
	name, _, _ := strings.Cut(a.rows, " ")
	return name
}

// agrees tells whether scops's answer is Trino's. Where Trino finds an error as
// the query runs it names no place, and scops may know one.
func (a answer) agrees(trino answer) bool {
	if a.failed() && trino.failed() && !strings.Contains(trino.rows, " ") {
		return a.errorName() == trino.rows
	}
	return a == trino
}

// errorCase makes the answer of a failure.
func errorCase(name, place string) answer {
	return answer{"!", strings.TrimSuffix(name+" "+place, " ")}
}

// queryCase is a query with what is known of it.
type queryCase struct {
	query   string
	line    int // in the file of cases
	trino   answer
	refused string // name of the error with which scops refuses the query, or ""
}

// caseFile is a family of cases: name.sql with the queries and name.golden with
// what Trino answered.
type caseFile struct {
	name    string
	path    string // of the .sql
	version string // of the Trino that answered
	schema  string // "catalog.schema" that names without them mean at Trino
	rules   rules
	cases   []queryCase
}

// key names a query in a golden file, so that cases can move.
func key(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:6])
}

// readFile reads the queries of a file and the answers beside it. A query ends
// with a semicolon at the end of a line; lines between queries that are empty or
// begin with -- are comments.
func readFile(t *testing.T, path string) *caseFile {
	f := &caseFile{path: path, name: strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".sql"), version: "435", schema: "memory.default"}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	known, seen := f.readGolden(t), map[string]int{}
	var query []string
	for i, l := range strings.Split(string(text), "\n") {
		if len(query) == 0 && (l == "" || strings.HasPrefix(l, "--")) {
			f.directive(t, l)
			continue
		}
		query = append(query, l)
		if !strings.HasSuffix(l, ";") {
			continue
		}
		c := queryCase{query: strings.TrimSuffix(strings.Join(query, "\n"), ";"), line: i + 2 - len(query)}
		require.Zero(t, seen[key(c.query)], "%s:%d: the query is there twice", path, c.line)
		seen[key(c.query)] = c.line
		g := known[key(c.query)]
		c.trino, c.refused = g.trino, g.refused
		f.cases, query = append(f.cases, c), nil
	}
	require.Empty(t, query, "%s: the last query has no semicolon", path)
	return f
}

// directive takes the comments that say how a file is run, see doc.go.
func (f *caseFile) directive(t *testing.T, line string) {
	name, value, _ := strings.Cut(strings.TrimPrefix(line, "-- "), ": ")
	switch name {
	case "schema":
		f.schema = value
	case "trino":
		f.version = value
	case "ties":
		require.Equal(t, "any", value)
		f.rules.ties = true
	case "doubles":
		var err error
		f.rules.doubles, err = strconv.ParseFloat(value, 64)
		require.NoError(t, err)
	}
}

// database is what scops takes names without a database from.
func (f *caseFile) database() string {
	if name, _, _ := strings.Cut(f.schema, "."); name != "memory" {
		return name
	}
	return "shop"
}

func (f *caseFile) golden() string { return strings.TrimSuffix(f.path, ".sql") + ".golden" }

func (f *caseFile) readGolden(t *testing.T) map[string]queryCase {
	text, err := os.ReadFile(f.golden())
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	out := map[string]queryCase{}
	for _, l := range strings.Split(string(text), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		g := append(strings.Split(l, "\t"), "", "", "")
		out[g[0]] = queryCase{trino: answer{unescape.Replace(g[1]), unescape.Replace(g[2])}, refused: g[3]}
	}
	return out
}

func (f *caseFile) writeGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What Trino " + f.version + " answered, and where scops refuses.\n")
	for _, c := range f.cases {
		if c.trino.columns == "" {
			continue
		}
		fields := []string{key(c.query), escape.Replace(c.trino.columns), escape.Replace(c.trino.rows), c.refused}
		b.WriteString(strings.TrimRight(strings.Join(fields, "\t"), "\t") + "\n")
	}
	require.NoError(t, os.WriteFile(f.golden(), []byte(b.String()), 0o644))
}

var (
	escape   = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")
	unescape = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")
)
