package event

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/stretchr/testify/require"
)

// FuzzParse holds the parser against encoding/json: both accept the same
// bodies, and the values are the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"s":"a\u00e9\ud83d\ude00","n":12,"d":1.5e3,"b":true,"a":[1,null],"o":{"x":"y"},"z":[{"q":[]}]}`,
		`{"S":"a","n":-0.0,"d":1e400}`, `{"s":"\ud800"}`, `{"a":[1,2`, `[]`, ``, `{"n":1,"N":2}`, "{\"s\":\"\xff\"}", `{"m":{"1":"a","01":"b"}}`,
	} {
		f.Add(s)
	}
	cols := columns(f, "s string", "n bigint", "d double", "b boolean", "a array<int>", "o struct<x:string>", "m map<string,string>")
	p := NewParser(cols, Options{})
	f.Fuzz(func(t *testing.T, body string) {
		rec, err := p.Parse(body)
		var top map[string]json.RawMessage
		syntaxOK := utf8.ValidString(body) && !strings.Contains(body, `\u`) && json.Unmarshal([]byte(body), &top) == nil && top != nil
		if err == nil {
			require.True(t, utf8.ValidString(body) && json.Valid([]byte(body)), "accepted what is not JSON")
		}
		if !syntaxOK {
			return
		}
		if err != nil {
			r := err.(*Rejection)
			require.False(t, r.syntax, "refused what encoding/json accepts: %v", err)
			require.NotEmpty(t, r.Error())
			return
		}
		sameValues(t, cols, rec, top)
	})
}

func sameValues(t *testing.T, cols []record.Column, rec *Record, top map[string]json.RawMessage) {
	for key, raw := range top {
		for i, c := range cols {
			if strings.ToLower(key) == c.Name {
				sameValue(t, c.Type, rec.Values[i], raw)
			}
		}
	}
}

func sameValue(t *testing.T, ty formats.Type, v record.Value, raw json.RawMessage) {
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" {
		require.False(t, v.Valid)
		return
	}
	require.True(t, v.Valid)
	switch ty.Kind {
	case formats.String:
		var s string
		require.NoError(t, json.Unmarshal(raw, &s))
		require.Equal(t, s, v.Text)
	case formats.BigInt:
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			require.Equal(t, n, v.Int)
			return
		}
		f, err := strconv.ParseFloat(string(raw), 64)
		require.NoError(t, err)
		require.Equal(t, f, float64(v.Int))
	case formats.Double:
		var d float64
		require.NoError(t, json.Unmarshal(raw, &d))
		require.Equal(t, d, v.Float)
	case formats.Boolean:
		require.Equal(t, string(raw) == "true", v.Int == 1)
	case formats.Array:
		var l []json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &l))
		require.Len(t, v.List, len(l))
	}
}

// FuzzTime checks that what parseTime accepts is what the time package reads.
func FuzzTime(f *testing.F) {
	for _, s := range []string{"2021-02-03 04:05:06.789", "2021-02-03T04:05:06+09:00", "2021-02-29", "2021-02-03T04:05Z", "1612325106123", "1.5e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, detail := parseTime(s); detail == "" {
			require.Equal(t, reference(t, s), m.millis, s)
		}
		if isNumber(s) {
			if m, detail := parseEpoch(s); detail == "" {
				require.True(t, m.millis >= minMillis && m.millis <= maxMillis)
			}
		}
	})
}
