package objects_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/scopsdb/scops/internal/objects"
	"github.com/stretchr/testify/require"
)

const childDir = "SCOPS_TEST_OBJECTS"

// TestPutForTrace is the process that TestPutIsOnDiskBeforeItAnswers watches.
func TestPutForTrace(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only for TestPutIsOnDiskBeforeItAnswers")
	}
	l, err := objects.OpenLocal(dir)
	require.NoError(t, err)
	require.NoError(t, l.CreateBucket(t.Context(), "data"))
	_, err = l.Put(t.Context(), "data", "a/b/object", strings.NewReader("hello"), 5, objects.PutOptions{})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "answered"), nil, 0o644))
}

// The contents reach the disk before the object's name exists, and the names
// of the object and of its folders before the put returns.
func TestPutIsOnDiskBeforeItAnswers(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	dir := filepath.Join(t.TempDir(), "objects")
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(strace, "-f", "-y", "-o", trace, "-e", "trace=fsync,linkat,renameat,openat", os.Args[0], "-test.run=^TestPutForTrace$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte("ptrace")) {
		t.Skip("strace may not trace here")
	}
	require.NoError(t, err, "%s", out)

	f, err := os.Open(trace)
	require.NoError(t, err)
	defer f.Close()
	want := []*regexp.Regexp{
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data>`),              // the bucket's attributes
		regexp.MustCompile(`fsync\(\d+<` + dir + `>`),                   // the bucket's name
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data/\.sgwtmp/#\d+`), // contents, still nameless
		regexp.MustCompile(`linkat\(.*"object"`),                        // the name
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data/a/b/object>`),   // attributes
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data/a/b>`),          // the name is durable
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data/a>`),            // and its folders'
		regexp.MustCompile(`fsync\(\d+<` + dir + `/data>`),
		regexp.MustCompile(`openat\(.*answered"`),
	}
	for lines := bufio.NewScanner(f); lines.Scan() && len(want) > 0; {
		if want[0].MatchString(lines.Text()) {
			want = want[1:]
		}
	}
	require.NoError(t, err)
	require.Empty(t, want, "these did not happen in order")
}
