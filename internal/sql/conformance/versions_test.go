package conformance

import (
	"flag"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var versions = flag.Bool("versions", false, "with -trino: list the cases that this server answers otherwise than the recorded one")

// TestVersions lists where another version of Trino answers otherwise, by kind.
// docs/trino-versions.md sums it up.
func TestVersions(t *testing.T) {
	if !*versions {
		t.Skip("needs -versions and -trino=http://host:port")
	}
	paths, err := filepath.Glob("../../../testdata/conformance/" + *only + ".sql")
	require.NoError(t, err)
	byKind, cases := map[string][]string{}, 0
	for _, path := range paths {
		f := readFile(t, path)
		for _, c := range f.cases {
			now, err := askTrino(*trino, f.schema, c.query)
			if err != nil {
				now = errorCase("CLIENT", err.Error())
			}
			cases++
			if kind := difference(f.rules, c.query, c.trino, now); kind != "" {
				byKind[kind] = append(byKind[kind], c.query+"\n    "+c.trino.columns+": "+c.trino.rows+"\n    "+now.columns+": "+now.rows)
			}
		}
	}
	kinds := make([]string, 0, len(byKind))
	for k := range byKind {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	t.Logf("%d cases", cases)
	for _, k := range kinds {
		t.Logf("%s: %d\n  %s", k, len(byKind[k]), strings.Join(byKind[k], "\n  "))
	}
}

// difference is the kind of difference between two answers, "" for none.
func difference(r rules, query string, was, is answer) string {
	switch {
	case r.agree(query, is, was):
		return ""
	case was.failed() && is.failed() && was.errorName() == is.errorName():
		return "place of the error"
	case was.failed() && is.failed():
		return "name of the error"
	case was.failed():
		return "answered now"
	case is.failed():
		return "fails now"
	case was.columns != is.columns:
		return "columns"
	}
	return "rows"
}
