package objects_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopsdb/scops/internal/objects"
	"github.com/stretchr/testify/require"
)

// A full disk is an error, and nothing of the object is visible.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("needs the right to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	l, err := objects.OpenLocal(filepath.Join(dir, "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	require.NoError(t, l.CreateBucket(t.Context(), "data"))
	put(t, l, "small", "x")
	body := bytes.Repeat([]byte("x"), 2<<20)
	for _, key := range []string{"big", "small"} {
		_, err = l.Put(t.Context(), "data", key, bytes.NewReader(body), int64(len(body)), objects.PutOptions{})
		require.ErrorIs(t, err, objects.ErrNoSpace)
	}
	infos, _, err := l.List(t.Context(), "data", "", "", 10)
	require.NoError(t, err)
	require.Len(t, infos, 1)
	require.EqualValues(t, 1, infos[0].Size, "the object that was to be replaced is as it was")
	require.NoError(t, l.Delete(t.Context(), "data", "small"))
	put(t, l, "again", strings.Repeat("y", 500_000))
}
