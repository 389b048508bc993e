package conformance

import (
	"flag"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	queries = flag.Int("queries", 200, "how many queries TestGenerated makes")
	seed    = flag.Uint64("seed", 1, "of TestGenerated")
)

// TestGenerated asks a Trino and scops the same random queries and shrinks those
// on which they differ. What it finds belongs into testdata/conformance.
func TestGenerated(t *testing.T) {
	if *trino == "" {
		t.Skip("needs -trino=http://host:port")
	}
	l := openLake(t)
	// differs says how the answers of a query differ; a refusal is no difference.
	differs := func(q *tree) (want, have answer, yes bool) {
		text := prelude + q.String()
		have = askScops(l, "shop", text)
		want, err := askTrino(*trino, "memory.default", text)
		require.NoError(t, err, text)
		if have.failed() && !want.failed() {
			return want, have, false
		}
		return want, have, !sameRows(have, want)
	}
	r := rand.New(rand.NewPCG(*seed, 0))
	refusals, failures := 0, 0
	for range *queries {
		q := grow(r, "query", 2+r.IntN(3))
		want, have, yes := differs(q)
		if have.failed() && !want.failed() {
			refusals++
			t.Logf("refused with %s: %s", have.rows, q)
		}
		if want.failed() {
			failures++
		}
		if !yes {
			continue
		}
		shrink(q, func(q *tree) bool { _, _, yes := differs(q); return yes })
		want, have, _ = differs(q)
		t.Errorf("%s\n   is %s: %s\n want %s: %s", q, have.columns, have.rows, want.columns, want.rows)
	}
	t.Logf("the tables:\n%s", prelude)
	t.Logf("%d queries: %d refused by scops alone, %d failed at Trino", *queries, refusals, failures)
}

// sameRows compares two answers of a generated query. Two parts of one may fail
// in different ways, and which of them is met first is open; then the failure is
// enough. What Trino does not support scops may.
func sameRows(have, want answer) bool {
	if want.failed() && (have.failed() || want.errorName() == "NOT_SUPPORTED") {
		return true
	}
	return have.columns == want.columns && sorted(have.rows) == sorted(want.rows)
}

// sorted puts rows in the order of their texts: the generated queries leave ties.
func sorted(rows string) string {
	all := strings.Split(rows, " ; ")
	sort.Strings(all)
	return strings.Join(all, " ; ")
}
