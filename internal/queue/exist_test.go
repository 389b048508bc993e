package queue

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMustExist: a store that lost its files is not taken for a new one.
func TestMustExist(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "queue")
	_, err := Open(dir, Options{MustExist: true})
	require.ErrorContains(t, err, "does not exist")
	s, err := Open(dir, Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	s, err = Open(dir, Options{MustExist: true})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	markers, err := filepath.Glob(filepath.Join(dir, "marker.manifest.*"))
	require.NoError(t, err)
	require.Len(t, markers, 1)
	require.NoError(t, os.Remove(markers[0]))
	_, err = Open(dir, Options{MustExist: true})
	require.ErrorContains(t, err, "does not exist")
}
