package conformance

import (
	"flag"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
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
	for _, path := range paths {
		f := readFile(t, path)
		t.Run(f.name, func(t *testing.T) { f.otherAnswers(t) })
	}
}

// otherAnswers asks the server every case of a family, four at a time, and logs
// the differences.
func (f *caseFile) otherAnswers(t *testing.T) {
	var mu sync.Mutex
	byKind := map[string][]string{}
	var work errgroup.Group
	work.SetLimit(4)
	for _, c := range f.cases {
		work.Go(func() error {
			now, err := askTrino(*trino, f.schema, c.query)
			if err != nil {
				now = errorCase("CLIENT", err.Error())
			}
			kind := difference(f.rules, c.query, c.trino, now)
			if kind == "" {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			byKind[kind] = append(byKind[kind], c.query+"\n    "+c.trino.columns+": "+c.trino.rows+"\n    "+now.columns+": "+now.rows)
			return nil
		})
	}
	_ = work.Wait() // no worker fails
	for _, k := range slices.Sorted(maps.Keys(byKind)) {
		t.Logf("%s: %d of %d\n  %s", k, len(byKind[k]), len(f.cases), strings.Join(byKind[k], "\n  "))
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
