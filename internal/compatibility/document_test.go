package compatibility

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write docs/compatibility.md anew")

const path = "../../docs/compatibility.md"

func TestDocument(t *testing.T) {
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(Document()), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, Document(), string(have), "docs/compatibility.md is stale: run this test with -rewrite")
}

func TestEveryOperationIsListedOnce(t *testing.T) {
	for _, s := range services() {
		seen := map[string]bool{}
		for _, op := range s.api.Operations {
			require.False(t, seen[op.Name], op.Name)
			seen[op.Name] = true
		}
		for _, name := range s.api.NotImplemented {
			require.False(t, seen[name], "%s is both done and not done", name)
			seen[name] = true
		}
	}
}
