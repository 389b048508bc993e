package sqltest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write what the code gives into the data-driven test files")

// Run runs the cases of data-driven files. A case is
//
//	command
//	SQL, on as many lines as it needs
//	----
//	expected output
//
// and ends at an empty line; lines before a command that begin with # are
// comments. With -rewrite the expected output becomes what run gives.
func Run(t *testing.T, glob string, run func(t *testing.T, command, sql string) string) {
	files, err := filepath.Glob(glob)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runFile(t, file, run) })
	}
}

func runFile(t *testing.T, file string, run func(t *testing.T, command, sql string) string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	blocks := strings.Split(strings.TrimSpace(string(text)), "\n\n")
	for i, block := range blocks {
		head, want, _ := strings.Cut(block, "\n----")
		lines := strings.Split(head, "\n")
		first := 0
		for first < len(lines) && strings.HasPrefix(lines[first], "#") {
			first++
		}
		if first == len(lines) {
			continue // comments alone
		}
		sql := strings.Join(lines[first+1:], "\n")
		got := strings.TrimRight(run(t, lines[first], sql), "\n")
		if *rewrite {
			blocks[i] = strings.TrimRight(head, "\n") + "\n----\n" + got
			continue
		}
		require.Equal(t, strings.TrimPrefix(want, "\n"), got, "%s: %s", file, sql)
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o644))
	}
}
