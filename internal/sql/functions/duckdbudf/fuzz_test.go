package duckdbudf

import (
	"database/sql/driver"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzJSON compares the reader with encoding/json: both must agree on what is
// JSON, and what is written must be JSON of the same value.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.50,"x\u00e9",null,true]}`, `[`, `01`, `"\ud83d\ude00"`, `-0`, `1e5`, `{"a":1,"a":2}`, " [ ] "} {
		f.Add(s, "$.a[0]")
	}
	f.Fuzz(func(t *testing.T, s, path string) {
		if !utf8.ValidString(s) || strings.Count(s, "[")+strings.Count(s, "{") > 500 {
			return
		}
		if steps, err := parsePath(path); err == nil {
			for _, f := range []pathFunc{(*scanner).scalar, (*scanner).extract} {
				at := scanner{in: s}
				if found, err := at.find(steps); found && err == nil {
					f(&at)
				}
			}
		}
		_, _ = jsonSize([]driver.Value{s, path})
		out, _, err := jsonParse(s)
		var want any
		if json.Unmarshal([]byte(s), &want) != nil {
			require.Error(t, err, "encoding/json refuses it")
			return
		}
		require.NoError(t, err)
		var have any
		require.NoError(t, json.Unmarshal([]byte(out), &have), out)
		require.Equal(t, want, have)
	})
}

// FuzzPlainDecimal keeps the value.
func FuzzPlainDecimal(f *testing.F) {
	for _, s := range []string{"12345e-3", "1.5e+20", "-.5E2", "1e-7", "5.", "abc", "1e999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 50 || strings.ContainsAny(s, "xXpP_/bBoO") {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		out := plainDecimal(s)
		if !ok || out == s || out == "0" {
			return
		}
		have, ok := new(big.Rat).SetString(out)
		require.True(t, ok, out)
		require.Zero(t, want.Cmp(have), "%s is %s", s, out)
	})
}

func FuzzURL(f *testing.F) {
	for _, s := range []string{"http://user@example.com:80/a%20b?b=c#d", "mailto:a@b", "//h/p", "http://[::1]:8/", "http:", "a:b:c", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, ok := parseURI(s)
		if !ok {
			return
		}
		u.host()
		u.portOrNil()
		require.LessOrEqual(t, len(decodePercent(u.path)), 3*len(s))
		_, err := urlDecode([]driver.Value{urlEncode(s)})
		require.NoError(t, err)
	})
}

func TestLevenshtein(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int64
	}{{"kitten", "sitting", 3}, {"", "", 0}, {"한글", "", 2}} {
		have, err := levenshtein([]rune(c.a), []rune(c.b))
		require.NoError(t, err)
		require.Equal(t, c.want, have)
	}
}

// FuzzFormat reads any format string without failing otherwise than with
// Trino's error.
func FuzzFormat(f *testing.F) {
	for _, s := range []string{"%d", "%5.2f|%-8s", "%1$s %<S", "%,d%%%n", "%e %g %a", "%tY", "%#x", "%999999999999d", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, arg := range []string{"N", "i-42", "d1.5e-7", "fNaN", "n-0.050", "s한", "btrue", "D1", "T1", "Z1 Asia/Seoul", "C1"} {
			if _, err := format([]driver.Value{s, arg}); err != nil {
				require.Contains(t, err.Error(), "scops:")
			}
		}
	})
}
