package formats

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

func linesOf(t testing.TB, path string, c Compression, from, to int64) []string {
	t.Helper()
	l, err := OpenLines(path, c, from, to)
	require.NoError(t, err)
	defer l.Close()
	out := []string{}
	for {
		line, err := l.Next()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		out = append(out, string(line))
	}
}

func TestLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	long := strings.Repeat("x", 3*linesBuffer)
	cases := []struct {
		in   string
		want []string
	}{
		{"", []string{}}, {"\n", []string{""}}, {"a", []string{"a"}}, {"a\n", []string{"a"}}, {"a\nb", []string{"a", "b"}},
		{"a\r\nb\rc\n\nd", []string{"a", "b", "c", "", "d"}}, {"\xEF\xBB\xBFa\nb", []string{"a", "b"}}, {"a\r", []string{"a"}}, {"\r\r\n", []string{"", ""}},
		{long + "\nb\r\n" + long, []string{long, "b", long}},
		{long[:linesBuffer-1] + "\r\nb", []string{long[:linesBuffer-1], "b"}},
	}
	for _, c := range cases {
		require.NoError(t, os.WriteFile(path, []byte(c.in), 0o600))
		require.Equal(t, c.want, linesOf(t, path, Uncompressed, 0, -1))
	}
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.Empty(t, linesOf(t, path, Gzip, 0, -1), "an empty file with a compressed name has no lines")
}

// Whatever the ranges, each line is in one of them.
func TestLineRanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	in := "one\r\ntwo\rthree\n\n\r\nfour\nfive"
	require.NoError(t, os.WriteFile(path, []byte(in), 0o600))
	want := linesOf(t, path, Uncompressed, 0, -1)
	for a := int64(1); a < int64(len(in)); a++ {
		for b := a; b < int64(len(in)); b++ {
			got := linesOf(t, path, Uncompressed, 0, a)
			if b > a {
				got = append(got, linesOf(t, path, Uncompressed, a, b)...)
			}
			got = append(got, linesOf(t, path, Uncompressed, b, -1)...)
			require.Equal(t, want, got, "%d %d", a, b)
		}
	}
}

func TestScanOfManyFiles(t *testing.T) {
	dir := t.TempDir()
	var in []SourceFile
	for i := range 3 {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		for n := range 1500 {
			fmt.Fprintf(z, "%d\n", i*10000+n)
		}
		require.NoError(t, z.Close())
		path := filepath.Join(dir, fmt.Sprintf("%d.gz", i))
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
		in = append(in, SourceFile{Path: path, URI: path, Size: int64(b.Len())})
	}
	s, err := NewScan(Format{Kind: Text, Text: TextOptions{Delimiter: ',', NullFormat: `\N`}, SkipHeader: 1}, columnsOf(t, "a int"), 1, in)
	require.NoError(t, err)
	r := s.Begin()
	w, err := r.NewWorker()
	require.NoError(t, err)
	rows := 0
	for {
		n, err := w.Next(context.Background())
		require.NoError(t, err)
		if n == 0 {
			break
		}
		require.Equal(t, n, w.Vectors[0].Rows)
		at := 0
		for _, run := range w.Runs {
			for range run.Rows {
				require.True(t, strings.HasPrefix(show(w.Vectors[0], at), fmt.Sprint(run.File)) || run.File == 0)
				at++
			}
		}
		require.Equal(t, n, at)
		rows += n
	}
	require.Equal(t, 3*1499, rows)
	require.True(t, r.Drained())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w, err = s.Begin().NewWorker()
	require.NoError(t, err)
	_, err = w.Next(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// The lines of a footer are no rows, whatever the file's compression, and the
// number of a line that cannot be read is the right one.
func TestFooter(t *testing.T) {
	dir := t.TempDir()
	read := func(name, content string, header, footer int) ([]string, error) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		f := Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: ','}, SkipHeader: header, SkipFooter: footer}
		s, err := NewScan(f, columnsOf(t, "a int"), 1, []SourceFile{{Path: path, URI: path, Size: int64(len(content))}, {Path: path, URI: path, Size: int64(len(content))}})
		require.NoError(t, err)
		w, err := s.Begin().NewWorker()
		require.NoError(t, err)
		var out []string
		for {
			n, err := w.Next(context.Background())
			if err != nil || n == 0 {
				return out, err
			}
			for i := range n {
				out = append(out, show(w.Vectors[0], i))
			}
		}
	}
	for _, c := range []struct {
		content        string
		header, footer int
		want           []string
	}{
		{"1\n2\n3\n", 0, 1, []string{"1", "2"}}, {"1\n2\n3", 1, 1, []string{"2"}}, {"h\n1\n2\nf\nf\n", 1, 2, []string{"1", "2"}},
		{"1\n", 0, 1, nil}, {"1\n", 0, 5, nil}, {"", 1, 1, nil}, {"1\n2\n", 5, 1, nil},
	} {
		got, err := read("f", c.content, c.header, c.footer)
		require.NoError(t, err)
		require.Equal(t, append(c.want, c.want...), append([]string(nil), got...), "%q", c.content)
		got, err = read("f.gz", string(compressed(t, ".gz", c.content)), c.header, c.footer)
		require.NoError(t, err)
		require.Equal(t, append(c.want, c.want...), append([]string(nil), got...), "%q", c.content)
	}
	_, err := read("f", "h\n1\nx\n2\nf\nf\n", 1, 2)
	var data *DataError
	require.ErrorAs(t, err, &data)
	require.EqualValues(t, 3, data.Line)
}
