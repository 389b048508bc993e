package javaregex

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t")
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "|", `\p`)
)

func answer(m *Matcher, in string, search func([]byte) (bool, error)) string {
	ok, err := search([]byte(in))
	if err != nil {
		return err.Error()
	}
	if !ok {
		return "no"
	}
	var parts []string
	for n := range m.re.groups + 1 {
		from, to := m.Group(n)
		if from < 0 {
			parts = append(parts, "NULL")
			continue
		}
		parts = append(parts, escape.Replace(in[from:to]))
	}
	return strings.Join(parts, "|")
}

// TestAsJava compares with what java.util.regex answered; testdata/Record.java
// says how that was recorded.
func TestAsJava(t *testing.T) {
	f, err := os.Open("testdata/java.golden")
	require.NoError(t, err)
	defer f.Close()
	refused := map[string]bool{}
	cases := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		part := strings.Split(s.Text(), "\t")
		require.Len(t, part, 5, s.Text())
		pattern, text := unescape.Replace(part[1]), unescape.Replace(part[2])
		re, err := Compile(pattern, Options{IgnoreCase: part[0] == "i", DotAll: part[0] == "s"})
		if errors.Is(err, ErrUnsupported) {
			refused[pattern] = true
			continue
		}
		cases++
		if part[3] == "error" {
			require.Error(t, err, s.Text())
			continue
		}
		require.NoError(t, err, s.Text())
		m := re.NewMatcher()
		require.Equal(t, part[3], answer(m, text, m.Matches), "matches: %s", s.Text())
		require.Equal(t, part[4], answer(m, text, m.Find), "find: %s", s.Text())
	}
	require.Less(t, len(refused), 100, "refused are few of them")
	require.Greater(t, cases, 4000)
}
