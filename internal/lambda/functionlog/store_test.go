package functionlog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/lambda/functionlog"
	"github.com/stretchr/testify/require"
)

func line(message string) functionlog.Line {
	return functionlog.Line{Time: time.Unix(1700000000, 0).UTC(), Stream: "s", RequestID: "r", Message: message}
}

func TestLogs(t *testing.T) {
	dir := t.TempDir()
	s, err := functionlog.Open(dir)
	require.NoError(t, err)
	none, err := s.Tail("f", 10)
	require.NoError(t, err)
	require.Empty(t, none)
	require.NoError(t, s.Append("f", []functionlog.Line{line("한국 <a>"), line("two")}))
	require.NoError(t, s.Append("g", []functionlog.Line{line("other")}))
	require.NoError(t, s.Close())
	// A crash cuts the last line off.
	f, err := os.OpenFile(filepath.Join(dir, "f.ndjson"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"time":"20`)
	require.NoError(t, err)
	require.NoError(t, f.Close())

	s, err = functionlog.Open(dir)
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, s.Append("f", []functionlog.Line{line("three")}))
	got, err := s.Tail("f", 10)
	require.NoError(t, err)
	require.Equal(t, []functionlog.Line{line("한국 <a>"), line("two"), line("three")}, got)
	got, err = s.Tail("f", 1)
	require.NoError(t, err)
	require.Equal(t, []functionlog.Line{line("three")}, got)
	require.NoError(t, s.Forget("f"))
	got, err = s.Tail("f", 10)
	require.NoError(t, err)
	require.Empty(t, got)
}

// TestBounded: a log does not grow for ever, and its newest lines stay.
func TestBounded(t *testing.T) {
	dir := t.TempDir()
	s, err := functionlog.Open(dir)
	require.NoError(t, err)
	defer s.Close()
	text := strings.Repeat("x", 256<<10)
	for i := range 60 { // 15 MiB
		require.NoError(t, s.Append("f", []functionlog.Line{line(fmt.Sprint(i, text))}))
	}
	var size int64
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		size += info.Size()
	}
	require.Less(t, size, int64(9<<20))
	got, err := s.Tail("f", 5)
	require.NoError(t, err)
	for i, l := range got {
		require.True(t, strings.HasPrefix(l.Message, fmt.Sprint(55+i)+"x"))
	}
}

func TestFollow(t *testing.T) {
	s, err := functionlog.Open(t.TempDir())
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, s.Append("f", []functionlog.Line{line("before")}))
	lines, more, stop, err := s.Follow("f", 10)
	require.NoError(t, err)
	require.Equal(t, []functionlog.Line{line("before")}, lines)
	require.NoError(t, s.Append("g", []functionlog.Line{line("another's")}))
	require.NoError(t, s.Append("f", []functionlog.Line{line("after")}))
	require.Equal(t, []functionlog.Line{line("after")}, <-more)
	for range 300 { // nobody reads
		require.NoError(t, s.Append("f", []functionlog.Line{line("more")}))
	}
	n := 0
	for range more { // it is closed
		n++
	}
	require.Less(t, n, 300)
	stop()
}
