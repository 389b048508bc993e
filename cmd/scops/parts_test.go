package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParts(t *testing.T) {
	data := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(data, "credentials"), []byte("x"), 0o600))
	complete, err := checkParts(data)
	require.NoError(t, err, "an interrupted first start goes on")
	require.False(t, complete)

	require.NoError(t, os.WriteFile(filepath.Join(data, "catalog.db"), []byte("x"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(data, "objects"), 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(data, "queue"), 0o700))
	require.NoError(t, markComplete(data))
	complete, err = checkParts(data)
	require.NoError(t, err)
	require.True(t, complete)

	require.NoError(t, os.Truncate(filepath.Join(data, "catalog.db"), 0))
	_, err = checkParts(data)
	require.ErrorContains(t, err, "has lost catalog.db")
	require.NoError(t, os.WriteFile(filepath.Join(data, "catalog.db"), []byte("x"), 0o600))
	require.NoError(t, os.Remove(filepath.Join(data, "queue")))
	_, err = checkParts(data)
	require.ErrorContains(t, err, "has lost queue")

	require.NoError(t, os.WriteFile(filepath.Join(data, formatName), []byte("2\n"), 0o600))
	_, err = checkParts(data)
	require.ErrorContains(t, err, `has format "2"`)
}

func TestListenAddress(t *testing.T) {
	for _, wrong := range []string{"", ":", "127.0.0.1", "127.0.0.1:"} {
		require.ErrorContains(t, checkAddress(wrong), "host:port", wrong)
	}
	for _, right := range []string{"127.0.0.1:0", ":4566", "[::1]:4566"} {
		require.NoError(t, checkAddress(right))
	}
}
