package delivery_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/transform"
)

// The SQL of the tests is the real one, which lies above this package: one
// engine for all of them.
func init() {
	open := sync.OnceValues(func() (*duckdb.Engine, error) {
		return duckdb.Open(duckdb.Options{AllowedDirs: []string{os.TempDir()}, Threads: 2, MemoryLimit: "1GiB"})
	})
	delivery.OpenTransforms = func(t testing.TB) delivery.Transforms {
		e, err := open()
		require.NoError(t, err)
		return &transform.Compiler{Engine: e}
	}
}
