package formats

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/dsnet/compress/bzip2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/require"
)

// compressors write one stream of each kind that libraries write.
var compressors = map[string]func(io.Writer) io.WriteCloser{
	".gz":      func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	".deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	".bz2":     func(w io.Writer) io.WriteCloser { z, _ := bzip2.NewWriter(w, nil); return z },
	".zst":     func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	".lz4":     func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) },
}

func compressed(t testing.TB, ending, text string) []byte {
	var b bytes.Buffer
	z := compressors[ending](&b)
	_, err := io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestCompressionOf(t *testing.T) {
	for name, want := range map[string]Compression{
		"a": Uncompressed, "a.json": Uncompressed, "a.gz/b": Uncompressed, "a.sz": Uncompressed, "a.tgz": Uncompressed,
		"x/a.json.GZ": Gzip, "a.zst": Zstd, "a.csv.bz2": Bzip2, "a.snappy": Snappy, "a.lz4": LZ4, "a.deflate": Deflate,
	} {
		got, err := CompressionOf(name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	for name, want := range map[string]string{"a.lzo": "lzo", "a.lzo_deflate": "lzo", "a.json.xz": "xz"} {
		_, err := CompressionOf(name)
		var u *UnsupportedError
		require.ErrorAs(t, err, &u)
		require.ErrorContains(t, err, want+" compression (file "+name+") is not supported")
	}
}

// A file may be several streams one after the other, as Hadoop's own readers
// take it.
func TestCompressedLines(t *testing.T) {
	dir := t.TempDir()
	for ending := range compressors {
		path := filepath.Join(dir, "f"+ending)
		c, err := CompressionOf(path)
		require.NoError(t, err)
		data := compressed(t, ending, "one\ntwo\nth")
		want := []string{"one", "two", "th"}
		if ending != ".deflate" {
			data = append(data, compressed(t, ending, "ree\nfour\n")...)
			want = []string{"one", "two", "three", "four"}
		}
		require.NoError(t, os.WriteFile(path, data, 0o600))
		require.Equal(t, want, linesOf(t, path, c, 0, -1), ending)
		for n := 1; n < len(data); n += 3 { // cut anywhere but between streams: an error, no missing rows
			require.NoError(t, os.WriteFile(path, data[:n], 0o600))
			if lines, err := allLines(path, c); err == nil {
				require.Equal(t, []string{"one", "two", "th"}, lines, "%s cut at %d of %d", ending, n, len(data))
			}
		}
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.Empty(t, linesOf(t, path, c, 0, -1), "an empty file has no lines: "+ending)
		require.NoError(t, os.WriteFile(path, []byte("one\ntwo\n"), 0o600))
		_, err = allLines(path, c)
		require.Error(t, err, "plain text with the ending "+ending)
	}
}

func allLines(path string, c Compression) ([]string, error) {
	l, err := OpenLines(path, c, 0, -1)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	var out []string
	for {
		line, err := l.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, string(line))
	}
}

// The files were written by io.airlift:aircompressor-v3 3.2, the codecs of
// Trino, in two writes with a flush between.
func TestHadoopBlocks(t *testing.T) {
	var want []string
	for i := range 600 {
		want = append(want, fmt.Sprintf("row %d some text that repeats some text that repeats", i))
	}
	for name, c := range map[string]Compression{"hadoop.snappy": Snappy, "hadoop.lz4": LZ4} {
		path := filepath.Join("testdata", name)
		require.Equal(t, want, linesOf(t, path, c, 0, -1))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		cut := filepath.Join(t.TempDir(), "f")
		for n := 1; n < len(data); n += 67 {
			require.NoError(t, os.WriteFile(cut, data[:n], 0o600))
			_, err := allLines(cut, c)
			require.Error(t, err, "%s cut at %d", name, n)
		}
		require.NoError(t, os.WriteFile(cut, append([]byte{0, 0, 0, 0}, data...), 0o600))
		require.Equal(t, want, linesOf(t, cut, c, 0, -1), "an empty block")
	}
	for _, data := range []string{"\xff\x06\x00\x00sNaPpY", "\x7f\xff\xff\xff\x7f\xff\xff\xff", "\x00\x00\x00\x01\x00\x00\x00\x05\xff\xff\xff\xff\x7f"} {
		for _, c := range []Compression{Snappy, LZ4} {
			_, err := io.ReadAll(newHadoopReaderOf(t, c, data))
			require.Error(t, err)
		}
	}
}

func newHadoopReaderOf(t *testing.T, c Compression, data string) io.Reader {
	r, err := c.NewReader(strings.NewReader(data))
	require.NoError(t, err)
	return r
}

// Much more comes out than goes in, and passes through without being held.
func TestBombs(t *testing.T) {
	const size = 64 << 20
	for ending := range compressors {
		if ending == ".bz2" {
			continue // writing one takes too long
		}
		var b bytes.Buffer
		z := compressors[ending](&b)
		piece := bytes.Repeat([]byte("\n"), 1<<20)
		for range size >> 20 {
			_, err := z.Write(piece)
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		require.Less(t, b.Len(), size/200, ending)
		path := filepath.Join(t.TempDir(), "f"+ending)
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
		b = bytes.Buffer{}
		c, err := CompressionOf(path)
		require.NoError(t, err)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := os.Open(path)
		require.NoError(t, err)
		in, err := c.NewReader(r)
		require.NoError(t, err)
		n, err := io.Copy(io.Discard, in)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		runtime.ReadMemStats(&after)
		require.EqualValues(t, size, n)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(24<<20), ending)
	}
}

func FuzzDecompress(f *testing.F) {
	for ending := range compressors {
		f.Add(compressed(f, ending, "one\ntwo\n"))
	}
	for _, name := range []string{"hadoop.snappy", "hadoop.lz4"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for c := Gzip; c <= Deflate; c++ {
			r, err := c.NewReader(bytes.NewReader(data))
			if err != nil {
				continue
			}
			_, _ = io.Copy(io.Discard, io.LimitReader(r, 1<<20))
			r.Close()
		}
	})
}
