package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/stretchr/testify/require"
)

func parseSize(text string) (n float64, err error) {
	var unit string
	if _, err := fmt.Sscanf(text, "%f %s", &n, &unit); err != nil {
		return 0, err
	}
	shift, ok := map[string]int{"MiB": 20, "GiB": 30, "TiB": 40}[unit]
	if !ok {
		return 0, fmt.Errorf("unit of %q", text)
	}
	return n * float64(int64(1)<<shift), nil
}

// TestShareOfTheMachine: queries leave memory and disk to the rest.
func TestShareOfTheMachine(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MemoryLimit = "" })
	db := sql.OpenDB(keepOpen{w.e.connector})
	defer db.Close()
	var memory, ofDuckDB, disk float64
	parse := func(setting string) (n float64) {
		var text string
		require.NoError(t, db.QueryRow("SELECT current_setting('"+setting+"')").Scan(&text))
		require.NotContains(t, text, "90%", setting)
		n, err := parseSize(text)
		require.NoError(t, err)
		return n
	}
	memory, disk = parse("memory_limit"), parse("max_temp_directory_size")
	fresh, err := sql.Open("duckdb", "")
	require.NoError(t, err)
	defer fresh.Close()
	var text string
	require.NoError(t, fresh.QueryRow("SELECT current_setting('memory_limit')").Scan(&text))
	ofDuckDB, err = parseSize(text)
	require.NoError(t, err)
	require.InEpsilon(t, ofDuckDB*memoryShare, memory, 0.05)
	free, err := freeDisk(t.TempDir())
	require.NoError(t, err)
	require.InEpsilon(t, float64(free)*diskShare, disk, 0.2)
}

func TestMemoryErrorGivesNoAdviceOnSettings(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MemoryLimit, o.TempDir = "50MiB", "" })
	rows, err := w.raw(context.Background(), "SELECT count(DISTINCT hash(a.range, b.range))::BIGINT FROM range(100000) a, range(10000) b", types.BigIntType)
	if err == nil {
		_, err = allRows(rows)
		require.NoError(t, rows.Close())
	}
	requireEngineError(t, err, "EXCEEDED_LOCAL_MEMORY_LIMIT", "50.0 MiB")
	require.NotContains(t, err.Error(), "SET ")
}
