package objects

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFolderVersion(t *testing.T) {
	root := filepath.Join(t.TempDir(), "objects")
	local, err := OpenLocal(root)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, local.Close()) })
	store := &Routed{Home: local}
	put := func(key string) {
		_, err := local.Put(t.Context(), "lake", key, strings.NewReader("x"), 1, PutOptions{})
		require.NoError(t, err)
	}
	require.NoError(t, local.CreateBucket(t.Context(), "lake"))
	put("a/b/x")
	require.Empty(t, FolderVersion(store, "lake", "a/"), "a change of now cannot be told from the next one")
	old := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(root, "lake", "a"), old, old))
	version := FolderVersion(store, "lake", "a/")
	require.NotEmpty(t, version)
	put("a/b/y")
	require.Equal(t, version, FolderVersion(store, "lake", "a/"), "below it is not in it")
	put("a/c/x")
	require.NotEqual(t, version, FolderVersion(store, "lake", "a/"))
	require.Empty(t, FolderVersion(store, "lake", "no/"))
	require.Empty(t, FolderVersion(store, "nowhere", ""))
}
