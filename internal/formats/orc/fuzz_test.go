package orc

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// small is a file of a few rows of every type, so that a change hits something.
func small(t testing.TB, codec string) []byte {
	columns := formatstest.Columns(t, tableOf...)
	in, err := os.ReadFile("testdata/uncompressed.orc")
	require.NoError(t, err)
	f, err := Open(bytes.NewReader(in), int64(len(in)))
	require.NoError(t, err)
	bound, err := f.Bind(columns, false)
	require.NoError(t, err)
	r, err := f.Stripe(bytes.NewReader(in), 0, bound)
	require.NoError(t, err)
	var out bytes.Buffer
	w, err := NewWriter(&out, columns, codec)
	require.NoError(t, err)
	for range 2 {
		vectors := make([]*formats.Vector, len(columns))
		for i, c := range columns {
			vectors[i] = formats.NewVector(c.Type)
		}
		n, err := r.Read(vectors, 20)
		require.NoError(t, err)
		require.NoError(t, w.WriteStripe(vectors, n))
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// FuzzRead reads broken files: an error of a known kind or rows, never a panic.
func FuzzRead(f *testing.F) {
	for _, codec := range []string{"NONE", "ZLIB", "SNAPPY", "LZ4", "ZSTD"} {
		f.Add(small(f, codec))
	}
	columns := formatstest.Columns(f, tableOf...)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, byIndex := range []bool{false, true} {
			_, err := readAll(b, columns, byIndex, 64)
			var corrupt *CorruptError
			var unsupported *UnsupportedError
			if err != nil && !errors.As(err, &corrupt) && !errors.As(err, &unsupported) {
				t.Fatal(err)
			}
		}
	})
}

// FuzzRuns writes numbers and reads them back.
func FuzzRuns(f *testing.F) {
	f.Add([]byte{1, 1, 1, 1, 2, 3, 4, 5, 200, 7, 7, 7}, true)
	f.Fuzz(func(t *testing.T, b []byte, signed bool) {
		var values []int64
		for i, c := range b {
			v := int64(c)
			if c > 200 {
				v = int64(c) << (i % 56)
			}
			if signed && c%2 == 0 {
				v = -v
			}
			values = append(values, v)
		}
		encoded := appendRuns2(nil, values, signed)
		file := &File{}
		got := make([]int64, len(values))
		require.NoError(t, newIntegers(file.stream(bytes.NewReader(encoded), 0, int64(len(encoded))), signed, true).read(got))
		if len(values) > 0 {
			require.Equal(t, values, got)
		}
		runs := appendByteRuns(nil, b)
		bytesRead := byteRuns{in: file.stream(bytes.NewReader(runs), 0, int64(len(runs)))}
		for i := range b {
			v, err := bytesRead.next()
			require.NoError(t, err)
			require.Equal(t, b[i], v)
		}
	})
}
