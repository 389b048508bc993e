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

// Queries are the SQL texts of data-driven files, without their parameters.
func Queries(t testing.TB, glob string) []string {
	files, err := filepath.Glob(glob)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var out []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
			if _, sql, _ := split(block); sql != "" {
				sql, _, _ = strings.Cut(sql, "\nUSING ")
				out = append(out, sql)
			}
		}
	}
	return out
}

// split takes a case apart; it has no command where it is comments alone.
func split(block string) (command, sql, want string) {
	head, want, _ := strings.Cut(block, "\n----")
	lines := strings.Split(head, "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[0], "#") {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return "", "", ""
	}
	return lines[0], strings.Join(lines[1:], "\n"), strings.TrimPrefix(want, "\n")
}

func runFile(t *testing.T, file string, run func(t *testing.T, command, sql string) string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	blocks := strings.Split(strings.TrimSpace(string(text)), "\n\n")
	for i, block := range blocks {
		command, sql, want := split(block)
		if command == "" {
			continue
		}
		got := strings.TrimRight(run(t, command, sql), "\n")
		if *rewrite {
			head, _, _ := strings.Cut(block, "\n----")
			blocks[i] = strings.TrimRight(head, "\n") + "\n----\n" + got
			continue
		}
		require.Equal(t, want, got, "%s: %s", file, sql)
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o644))
	}
}
