package orc

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// tableOf are the columns of testdata/make.py as a table has them.
var tableOf = []string{
	"flag boolean", "tiny tinyint", "small smallint", "number int", "big bigint", "patched bigint", "steady bigint", "falling bigint",
	"same bigint", "real float", "wide double", "word string", "text string", "bytes binary", "day date", "moment timestamp",
	"price decimal(9,2)", "sum decimal(38,6)", "list array<int>", "map map<string,bigint>",
	"row struct<a:int,b:string,c:array<struct<d:double>>>", "nothing int",
}

// readAll reads all rows of a file.
func readAll(b []byte, columns []formats.Column, byIndex bool, most int) ([][]any, error) {
	in := bytes.NewReader(b)
	f, err := Open(in, int64(len(b)))
	if err != nil {
		return nil, err
	}
	bound, err := f.Bind(columns, byIndex)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for i := range f.Stripes() {
		r, err := f.Stripe(in, i, bound)
		if err != nil {
			return nil, err
		}
		part, err := formatstest.ReadAll(r, columns, most)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	return rows, nil
}

func TestReadFilesOfPyarrow(t *testing.T) {
	for _, name := range []string{"uncompressed", "zlib", "snappy", "lz4", "zstd", "v011"} {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile("testdata/" + name + ".orc")
			require.NoError(t, err)
			columns := formatstest.Columns(t, tableOf...)
			rows, err := readAll(b, columns, false, 300)
			require.NoError(t, err)
			require.Greater(t, formatstest.SameRows(t, columns, rows), 30)
			if name != "v011" {
				require.Len(t, rows, 1600)
			}
		})
	}
}
