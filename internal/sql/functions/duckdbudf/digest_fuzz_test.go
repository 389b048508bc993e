package duckdbudf

import (
	"bytes"
	"database/sql/driver"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDigests reads bytes of users as digests: what is read is written as it
// was, or refused, and nothing fails otherwise.
func FuzzDigests(f *testing.F) {
	h := newHyperLogLog(setDigestBits)
	for i := range int64(600) {
		h.add(murmurLong(i))
	}
	d := newTDigest(defaultCompression)
	require.NoError(f, d.add(1, 1))
	set, err := makeSetDigest([]driver.Value{[]any{int64(1), int64(1), int64(2)}})
	require.NoError(f, err)
	for _, seed := range [][]byte{h.bytes(), newHyperLogLog(approxSetBits).bytes(), d.bytes(), set.([]byte), nil} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := readHyperLogLog(b); err == nil {
			_, _ = h.cardinality()
			h.toDense()
			again, err := readHyperLogLog(h.bytes())
			require.NoError(t, err)
			require.Equal(t, h.buckets, again.buckets)
		}
		if d, err := readTDigest(b); err == nil {
			_ = d.valueAt(0.5)
			require.NotEmpty(t, d.bytes())
		}
		if s, err := readSetDigest(b); err == nil {
			again, err := readSetDigest(s.bytes())
			require.NoError(t, err)
			require.True(t, bytes.Equal(s.bytes(), again.bytes()))
			_, _ = s.intersection(again)
		}
	})
}
