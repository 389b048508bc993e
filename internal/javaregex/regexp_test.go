package javaregex

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRefused(t *testing.T) {
	for pattern, want := range map[string]string{
		`(?u)a`: "flag (?u)", `(?U)a`: "flag (?U)", `\Ga`: `\G`, `\X`: `\X`, `\N{DIGIT ONE}`: `\N`, `\b{g}`: `\b{g}`,
		`\2(a)(b)`: "a reference to a group that does not stand before it", `a{2}{3}`: "two quantifiers", `(?<=a+)b`: "look-behind without a greatest length",
		`\p{InGreek}`: `\p{InGreek}`, `\p{javaLowerCase}`: `\p{javaLowerCase}`, `(?i)\p{Lu}`: "where case is ignored", `[a&&]`: "&& with nothing behind it", `\uD83D\uDE00`: "half of a surrogate pair",
		strings.Repeat("(", 300): "deeper nesting",
	} {
		_, err := Compile(pattern, Options{})
		require.ErrorIs(t, err, ErrUnsupported, pattern)
		require.ErrorContains(t, err, want)
	}
}

// A search that would take too long, or too much memory, is an error.
func TestBounds(t *testing.T) {
	re, err := Compile(`(?:(?:a+)+)+b`, Options{})
	require.NoError(t, err)
	_, err = re.NewMatcher().Matches([]byte(strings.Repeat("a", 100) + "c"))
	require.ErrorIs(t, err, errTooLong)
	re, err = Compile(`(?:a|b)*`, Options{})
	require.NoError(t, err)
	m := re.NewMatcher()
	_, err = m.Matches(bytes.Repeat([]byte("ab"), 50_000))
	require.ErrorIs(t, err, errTooDeep)
	ok, err := m.Matches([]byte("abab")) // the matcher goes on to work
	require.True(t, ok)
	require.NoError(t, err)
	re, err = Compile(`[ab]*`, Options{})
	require.NoError(t, err)
	ok, err = re.NewMatcher().Matches(bytes.Repeat([]byte("ab"), 5_000_000))
	require.True(t, ok, "one character repeated has no bound")
	require.NoError(t, err)
}

// Where the meaning of \b depends on the release of Java, a text is refused.
func TestBoundaryOfScripts(t *testing.T) {
	re, err := Compile(`.*?\b(\w+)\b.*`, Options{})
	require.NoError(t, err)
	m := re.NewMatcher()
	for text, want := range map[string]error{"한글 abc": nil, "한abc": ErrBoundary, "abc": nil, "\u00a0abc": nil} {
		ok, err := m.Matches([]byte(text))
		require.Equal(t, want, err, text)
		require.Equal(t, want == nil, ok, text)
	}
}

const accessLog = `([^ ]*) ([^ ]*) ([^ ]*) (-|\[[^\]]*\]) ([^ "]*|"[^"]*") (-|[0-9]*) (-|[0-9]*)(?: ([^ "]*|".*") ([^ "]*|".*"))?`

func BenchmarkAccessLog(b *testing.B) {
	text, err := os.ReadFile("../../../shared/data/apache-access.log")
	if err != nil {
		b.Skip("../shared/data/apache-access.log is not there")
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	re, err := Compile(accessLog, Options{DotAll: true})
	require.NoError(b, err)
	m := re.NewMatcher()
	b.SetBytes(int64(len(text)))
	matched := 0
	for b.Loop() {
		matched = 0
		for _, line := range lines {
			if ok, err := m.Matches(line); err == nil && ok {
				matched++
			}
		}
	}
	b.ReportMetric(float64(len(lines)*b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
	require.Greater(b, matched, 9900)
}

func FuzzSearch(f *testing.F) {
	f.Add(`(a|b)*?[^c]++(?<=x)\1`, "abxx")
	f.Add(accessLog, `1.2.3.4 - - [t] "GET /" 200 3 "-" "x"`)
	f.Fuzz(func(t *testing.T, pattern, text string) {
		re, err := Compile(pattern, Options{})
		if err != nil {
			return
		}
		m := re.NewMatcher()
		text = strings.ToValidUTF8(text, "?")
		for _, search := range []func([]byte) (bool, error){m.Matches, m.Find} {
			ok, err := search([]byte(text))
			if err != nil || !ok {
				continue
			}
			for n := range re.Groups() + 1 {
				from, to := m.Group(n)
				require.True(t, from == -1 && to == -1 || 0 <= from && from <= to && to <= len(text))
			}
		}
	})
}
