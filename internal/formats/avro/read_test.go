package avro

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// tableOf are columns of testdata/make.py as a table has them.
var tableOf = []string{
	"nothing string", "row_number bigint", "flag boolean", "number int", "big bigint", "real float", "wide double", "text string", "bytes binary",
	"hash binary", "suit string", "day date", "moment timestamp", "micros timestamp", "price decimal(9,2)", "sum decimal(38,6)",
	"list array<int>", "map map<string,bigint>", "either bigint", "later int",
}

func readAll(b []byte, columns []formats.Column, declared *Schema, split int64) ([][]any, error) {
	var rows [][]any
	size := int64(len(b))
	for from := int64(0); from < size; from += split {
		r, err := Open(bytes.NewReader(b), size, from, from+split, columns, declared)
		if err != nil {
			return nil, err
		}
		part, err := formatstest.ReadAll(r, columns, 300)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	return rows, nil
}

// Every codec, in one range and in many: each block is read once.
func TestReadFilesOfFastavro(t *testing.T) {
	columns := formatstest.Columns(t, tableOf...)
	for _, codec := range []string{"null", "deflate", "snappy", "zstandard", "bzip2"} {
		b, err := os.ReadFile("testdata/" + codec + ".avro")
		require.NoError(t, err)
		for _, split := range []int64{1 << 30, 10_000, 1009} {
			rows, err := readAll(b, columns, nil, split)
			require.NoError(t, err, codec)
			require.Len(t, rows, 1200, "%s split at %d", codec, split)
			require.Greater(t, formatstest.SameRows(t, columns, rows), 30)
		}
	}
}

// Fields of a record are found by name, and others passed over.
func TestReadRecord(t *testing.T) {
	b, err := os.ReadFile("testdata/null.avro")
	require.NoError(t, err)
	columns := formatstest.Columns(t, "row struct<b:string,none:int,a:bigint>")
	rows, err := readAll(b, columns, nil, 1<<30)
	require.NoError(t, err)
	found := 0
	for i, want := range formatstest.Rows(t) {
		w, ok := want["row"].(map[string]any)
		if !ok {
			require.Nil(t, rows[i][0])
			continue
		}
		found++
		formatstest.Same(t, map[string]any{"a": w["a"], "b": w["b"], "none": nil}, rows[i][0], "row")
	}
	require.Greater(t, found, 20)
}
