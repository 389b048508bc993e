package code

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUnzippedLimit: what comes out of all files together is counted.
func TestUnzippedLimit(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a", "b", "c"} {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write(make([]byte, 1000))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, extract(t.TempDir(), b.Bytes(), 3001))
	for _, limit := range []int64{999, 1000, 2999, 3000} {
		require.ErrorIs(t, extract(t.TempDir(), b.Bytes(), limit), errTooLarge, limit)
	}
	require.ErrorContains(t, errTooLarge, "Unzipped size must be smaller than 262144000 bytes")
}
