package duckdbudf

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCacheIsBounded(t *testing.T) {
	var c cache[int]
	for i := range 3 * mostCached {
		c.store(strconv.Itoa(i), i)
		v, ok := c.load(strconv.Itoa(i))
		require.True(t, ok)
		require.Equal(t, i, v)
		require.LessOrEqual(t, len(c.known), mostCached)
	}
}
