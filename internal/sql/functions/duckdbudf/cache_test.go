package duckdbudf

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCacheIsBounded(t *testing.T) {
	var c cache[int]
	for i := range 3 * mostCached {
		v, err := c.get(strconv.Itoa(i), strconv.Atoi)
		require.NoError(t, err)
		require.Equal(t, i, v)
		require.LessOrEqual(t, len(c.known), mostCached)
	}
	again := func(string) (int, error) { t.Fatal("compiled again"); return 0, nil }
	v, err := c.get(strconv.Itoa(3*mostCached-1), again)
	require.NoError(t, err)
	require.Equal(t, 3*mostCached-1, v)
	_, err = c.get("x", strconv.Atoi)
	require.Error(t, err)
}
