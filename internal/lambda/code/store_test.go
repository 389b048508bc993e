package code_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopsdb/scops/internal/lambda/code"
	"github.com/stretchr/testify/require"
)

type file struct {
	name    string
	mode    os.FileMode
	content string
}

func archive(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		h.SetMode(f.mode)
		to, err := w.CreateHeader(h)
		require.NoError(t, err)
		_, err = to.Write([]byte(f.content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func open(t testing.TB) (s *code.Store, dir, unpacked string) {
	t.Helper()
	root := t.TempDir()
	dir, unpacked = filepath.Join(root, "code"), filepath.Join(root, "unpacked")
	s, err := code.Open(dir, unpacked)
	require.NoError(t, err)
	return s, dir, unpacked
}

func TestPut(t *testing.T) {
	s, dir, unpacked := open(t)
	data := archive(t,
		file{"bootstrap", 0o755, "#!/bin/sh\n"}, file{"lib/", os.ModeDir | 0o755, ""}, file{"lib/a.txt", 0o644, "a"},
		file{"deep/er/b", 0o600, "b"}, file{"lib/link", os.ModeSymlink | 0o777, "a.txt"}, file{`win\dows`, 0o644, "w"})
	h, err := s.Put(data)
	require.NoError(t, err)
	again, err := s.Put(data)
	require.NoError(t, err)
	require.Equal(t, h, again)
	got, err := s.Read(h)
	require.NoError(t, err)
	require.Equal(t, data, got)

	require.NoError(t, os.RemoveAll(unpacked)) // as between runs
	s, err = code.Open(dir, unpacked)
	require.NoError(t, err)
	files, release, err := s.Files(h)
	require.NoError(t, err)
	require.True(t, filepath.IsAbs(files))
	for name, want := range map[string]string{"lib/a.txt": "a", "deep/er/b": "b", "lib/link": "a", "win/dows": "w"} {
		text, err := os.ReadFile(filepath.Join(files, name))
		require.NoError(t, err, name)
		require.Equal(t, want, string(text))
	}
	info, err := os.Stat(filepath.Join(files, "bootstrap"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o555), info.Mode().Perm(), "executable, and not writable")

	other, err := s.Put(archive(t, file{"x", 0o644, "x"}))
	require.NoError(t, err)
	require.NoError(t, s.Sweep(map[code.Hash]bool{other: true}))
	require.False(t, s.Has(h))
	require.True(t, s.Has(other))
	require.DirExists(t, files, "somebody uses them")
	release()
	require.NoDirExists(t, files)
	_, _, err = s.Files(h)
	require.ErrorIs(t, err, fs.ErrNotExist)

	// What is stored again while the old files are in use stays.
	h, err = s.Put(data)
	require.NoError(t, err)
	files, release, err = s.Files(h)
	require.NoError(t, err)
	require.NoError(t, s.Sweep(nil))
	_, err = s.Put(data)
	require.NoError(t, err)
	release()
	require.DirExists(t, files)
	require.True(t, s.Has(h))
}

// bomb makes an archive whose entry says another size than it has.
func bomb(t testing.TB, size int, says uint32) []byte {
	data := archive(t, file{"zeros", 0o644, strings.Repeat("\x00", size)})
	central := bytes.Index(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[central+24:], says)
	return data
}

func TestRefused(t *testing.T) {
	s, dir, unpacked := open(t)
	whole := archive(t, file{"a", 0o644, strings.Repeat("text", 1000)})
	damaged := bytes.Clone(whole)
	damaged[40] ^= 0xff
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":           {nil, "Could not unzip uploaded file"},
		"no archive":        {[]byte("hello"), "Could not unzip uploaded file"},
		"cut":               {whole[:len(whole)-30], "Could not unzip uploaded file"},
		"damaged":           {damaged, "Could not unzip uploaded file"},
		"path outside":      {archive(t, file{"../x", 0o644, "x"}), "outside of the archive"},
		"absolute path":     {archive(t, file{"/etc/x", 0o644, "x"}), "outside of the archive"},
		"windows path":      {archive(t, file{`..\x`, 0o644, "x"}), "outside of the archive"},
		"link outside":      {archive(t, file{"l", os.ModeSymlink | 0o777, "../../x"}), "leads outside of the archive"},
		"absolute link":     {archive(t, file{"l", os.ModeSymlink | 0o777, "/etc/passwd"}), "leads outside of the archive"},
		"file below a file": {archive(t, file{"a", 0o644, "x"}, file{"a/b", 0o644, "y"}), "Could not unzip uploaded file"},
		"device":            {archive(t, file{"d", os.ModeDevice | 0o644, ""}), "is no file"},
		"says too large":    {bomb(t, 10, 1<<31), "Unzipped size must be smaller than 262144000 bytes"},
		"says too small":    {bomb(t, 1<<20, 10), "Could not unzip uploaded file"},
	} {
		_, err := s.Put(c.data)
		var invalid *code.InvalidError
		require.ErrorAs(t, err, &invalid, name)
		require.Contains(t, invalid.Message, c.want, name)
	}
	for _, d := range []string{dir, unpacked} {
		entries, err := os.ReadDir(d)
		require.NoError(t, err)
		require.Empty(t, entries, "nothing is left of what was refused")
	}
}

// TestLinksAreNotFollowed: an entry below a link that leads to a folder lands in
// that folder, and never outside.
func TestLinksAreNotFollowed(t *testing.T) {
	s, _, unpacked := open(t)
	h, err := s.Put(archive(t, file{"d/", os.ModeDir | 0o755, ""}, file{"l", os.ModeSymlink | 0o777, "d"}, file{"l/x", 0o644, "x"}))
	if err == nil {
		require.FileExists(t, filepath.Join(unpacked, string(h), "d", "x"))
	}
	_, err = s.Put(archive(t, file{"a/b/", os.ModeDir | 0o755, ""}, file{"a/up", os.ModeSymlink | 0o777, "."}, file{"a/up/up/up/out", os.ModeSymlink | 0o777, "../../../.."}, file{"a/out/x", 0o644, "x"}))
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(filepath.Dir(unpacked), "x"))
}
