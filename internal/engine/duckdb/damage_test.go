package duckdb

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
)

// A damaged Parquet file fails its query by name, whatever is damaged, and the
// engine goes on.
func TestDamagedParquetIsNamed(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT range AS n, 'text ' || (range * 7919 % 1000) AS s, [range, 2] AS l, range / 3.0 AS d FROM range(3000)) TO '$DIR/good' (FORMAT parquet, COMPRESSION zstd)`)
	tb := table(formats.SerDeParquet, "n bigint", "s string", "l array<bigint>", "d double")
	good, err := os.ReadFile(filepath.Join(w.dir, "good"))
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for i := range 100 {
		bad := append([]byte{}, good...)
		at := 4 + random.IntN(len(bad)-8)
		for j := at; j < min(at+1+random.IntN(64), len(bad)-8); j++ {
			bad[j] = byte(random.Uint32())
		}
		name := fmt.Sprintf("bad%d", i)
		require.NoError(t, os.WriteFile(filepath.Join(w.dir, name), bad, 0o600))
		_, _, err := w.read(tb, files(w.file("good"), w.file(name)), "n", "s", "l", "d")
		if err == nil {
			continue // what no checksum covers
		}
		failed++
		var e *engine.Error
		require.True(t, errors.As(err, &e), "%v", err)
		require.Contains(t, e.Message, name, "%s", e)
	}
	require.Greater(t, failed, 10)
	_, _, err = w.read(tb, files(w.file("good")), "n")
	require.NoError(t, err)
}
