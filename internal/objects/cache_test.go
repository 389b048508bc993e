package objects

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func cacheOver(t *testing.T, limit int64) (*Cache, *Local, string) {
	t.Helper()
	store, err := OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	require.NoError(t, store.CreateBucket(t.Context(), "far"))
	dir := filepath.Join(t.TempDir(), "cache")
	c, err := OpenCache(dir, store, limit)
	require.NoError(t, err)
	return c, store, dir
}

func putText(t *testing.T, s *Local, key, text string) Info {
	t.Helper()
	info, err := s.Put(t.Context(), "far", key, bytes.NewReader([]byte(text)), int64(len(text)), PutOptions{})
	require.NoError(t, err)
	return info
}

func names(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	return len(entries)
}

func TestCacheKeepsWhatIsUsed(t *testing.T) {
	c, store, dir := cacheOver(t, 20)
	var paths []string
	var releases []func()
	for i := range 4 { // twice the limit, all in use
		info := putText(t, store, fmt.Sprintf("k%d.json.gz", i), fmt.Sprintf("object %03d", i))
		path, release, err := c.Fetch(t.Context(), info)
		require.NoError(t, err)
		require.Equal(t, ".gz", filepath.Ext(path), "a reader tells the compression by it")
		paths, releases = append(paths, path), append(releases, release)
	}
	for i, p := range paths {
		text, err := os.ReadFile(p)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("object %03d", i), string(text))
	}
	for _, release := range releases {
		release()
	}
	require.Equal(t, 2, names(t, dir))
	require.FileExists(t, paths[3])
	again, err := OpenCache(dir, store, 10)
	require.NoError(t, err)
	require.Equal(t, int64(10), again.bytes, "what an earlier run left is kept within the limit")
}

func TestCacheReadsAnObjectOnce(t *testing.T) {
	c, store, dir := cacheOver(t, 1<<20)
	info := putText(t, store, "k", "text")
	var g sync.WaitGroup
	for range 16 {
		g.Go(func() {
			path, release, err := c.Fetch(t.Context(), info)
			if err != nil || path == "" {
				t.Errorf("fetch: %q, %v", path, err)
				return
			}
			release()
		})
	}
	g.Wait()
	require.Equal(t, 1, names(t, dir))
}

func TestCacheRefusesAnotherObject(t *testing.T) {
	c, store, dir := cacheOver(t, 1<<20)
	old := putText(t, store, "k", "old text")
	putText(t, store, "k", "new text")
	_, _, err := c.Fetch(t.Context(), old)
	require.ErrorContains(t, err, "read s3://far/k: the object was replaced")
	old.ETag, old.Size = "", 3
	_, _, err = c.Fetch(t.Context(), old)
	require.ErrorContains(t, err, "8 bytes came, where the object has 3")
	_, _, err = c.Fetch(t.Context(), Info{Bucket: "far", Key: "none", Size: 1})
	require.ErrorIs(t, err, ErrNoSuchKey)
	require.Zero(t, names(t, dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "part-x"), []byte("half"), 0o600))
	_, err = OpenCache(dir, store, 1<<20)
	require.NoError(t, err)
	require.Zero(t, names(t, dir), "what a crash cut off goes")
}
