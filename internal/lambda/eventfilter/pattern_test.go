package eventfilter

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMatch has for each rule of AWS's table a body that matches and one that
// does not.
func TestMatch(t *testing.T) {
	for _, c := range []struct{ name, pattern, yes, no string }{
		{"null", `{"body":{"a":[null]}}`, `{"a":null}`, `{"a":"null"}`},
		{"null is not absent", `{"body":{"a":[null]}}`, `{"a":null}`, `{}`},
		{"empty", `{"body":{"a":[""]}}`, `{"a":""}`, `{"a":" "}`},
		{"equals", `{"body":{"a":["x"]}}`, `{"a":"x"}`, `{"a":"X"}`},
		{"true", `{"body":{"a":[true]}}`, `{"a":true}`, `{"a":"true"}`},
		{"number as written", `{"body":{"a":[300]}}`, `{"a":300}`, `{"a":300.0}`},
		{"number is no string", `{"body":{"a":[300]}}`, `{"a":300}`, `{"a":"300"}`},
		{"ignore case", `{"body":{"a":[{"equals-ignore-case":"AlIce"}]}}`, `{"a":"aLICE"}`, `{"a":"alic"}`},
		{"and", `{"body":{"a":["x"],"b":["y"]}}`, `{"a":"x","b":"y"}`, `{"a":"x","b":"z"}`},
		{"or", `{"body":{"a":["x","y"]}}`, `{"a":"y"}`, `{"a":"z"}`},
		{"or of fields", `{"body":{"$or":[{"a":["x"]},{"b":["y"]}]}}`, `{"a":"-","b":"y"}`, `{"a":"-","b":"-"}`},
		{"or of fields and a field", `{"body":{"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]}}`, `{"b":"y","c":1}`, `{"b":"y","c":2}`},
		{"not", `{"body":{"a":[{"anything-but":["x","y"]}]}}`, `{"a":"z"}`, `{"a":"y"}`},
		{"not needs a value", `{"body":{"a":[{"anything-but":"x"}]}}`, `{"a":1}`, `{}`},
		{"not numbers", `{"body":{"a":[{"anything-but":[1,2]}]}}`, `{"a":3}`, `{"a":2.0}`},
		{"not prefix", `{"body":{"a":[{"anything-but":{"prefix":"x"}}]}}`, `{"a":"yx"}`, `{"a":"xy"}`},
		{"not suffixes", `{"body":{"a":[{"anything-but":{"suffix":[".a",".b"]}}]}}`, `{"a":".b "}`, `{"a":"x.b"}`},
		{"numeric equals by value", `{"body":{"a":[{"numeric":["=",100]}]}}`, `{"a":1e2}`, `{"a":"100"}`},
		{"numeric range", `{"body":{"a":[{"numeric":[">",10,"<=",20]}]}}`, `{"a":20}`, `{"a":10}`},
		{"numeric below", `{"body":{"a":[{"numeric":["<",-0.5]}]}}`, `{"a":-1}`, `{"a":-0.5}`},
		{"exists", `{"body":{"a":[{"exists":true}]}}`, `{"a":null}`, `{"b":1}`},
		{"exists is of leaves", `{"body":{"a":[{"exists":true}]}}`, `{"a":0}`, `{"a":{"b":1}}`},
		{"does not exist", `{"body":{"a":[{"exists":false}]}}`, `{"b":1}`, `{"a":1}`},
		{"does not exist deep", `{"body":{"a":{"b":[{"exists":false}]}}}`, `{"c":1}`, `{"a":{"b":1}}`},
		{"does not exist in any element", `{"body":{"a":{"b":[{"exists":false}]}}}`, `{"a":[{"c":1}]}`, `{"a":[{"c":1},{"b":1}]}`},
		{"absent or a value", `{"body":{"a":[{"exists":false},"x"]}}`, `{"a":"x"}`, `{"a":"y"}`},
		{"begins", `{"body":{"a":[{"prefix":"us-"}]}}`, `{"a":"us-east"}`, `{"a":"eu-us-"}`},
		{"ends", `{"body":{"a":[{"suffix":".png"}]}}`, `{"a":"a.png"}`, `{"a":"a.png "}`},
		{"any element", `{"body":{"a":["x"]}}`, `{"a":["y","x"]}`, `{"a":["y"]}`},
		{"one element for all", `{"body":{"a":{"b":[1],"c":[2]}}}`, `{"a":[{"b":1,"c":2}]}`, `{"a":[{"b":1,"c":3},{"b":9,"c":2}]}`},
		{"deep", `{"body":{"a":{"b":{"c":["x"]}}}}`, `{"a":{"b":{"c":"x"}}}`, `{"a":{"b":"x"}}`},
		{"unicode", `{"body":{"구":["강남구"]}}`, `{"구":"\uac15\ub0a8\uad6c"}`, `{"구":"강서구"}`},
		{"JSON array", `{"body":{"a":["x"]}}`, `[{"a":"x"}]`, `["a","x"]`},

		{"plain text", `{"body":["ABC"]}`, `ABC`, `ABCD`},
		{"plain text by rule", `{"body":[{"prefix":"AB"}]}`, `ABC`, `BAB`},
		{"plain text does not match JSON", `{"body":[{"exists":true}]}`, `{"a":`, `{"a":1}`},
		{"JSON does not match plain text", `{"body":{"a":[{"exists":false}]}}`, `{}`, `plain`},
		{"a scalar is plain text", `{"body":["12"]}`, `12`, `{"body":"12"}`},
		{"plain or JSON", `{"$or":[{"body":["ABC"]},{"body":{"a":[1]}}]}`, `{"a":1}`, `"ABC"`},
		{"whole body absent never holds", `{"$or":[{"body":[{"exists":false}]},{"body":["x"]}]}`, `x`, `y`},

		{"metadata", `{"attributes":{"SenderId":["me"]}}`, `anything`, ``},
		{"message attribute", `{"body":{"a":[1]},"messageAttributes":{"kind":{"stringValue":["k"]}}}`, `{"a":1}`, `{"a":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Compile(c.pattern)
			require.NoError(t, err)
			require.True(t, p.Match(event(c.yes)), "%s must match %s", c.pattern, c.yes)
			if c.name != "metadata" {
				require.False(t, p.Match(event(c.no)), "%s must not match %s", c.pattern, c.no)
			}
		})
	}
	p, err := Compile(`{"attributes":{"SenderId":["you"]}}`)
	require.NoError(t, err)
	require.False(t, p.Match(event("anything")))
}

func event(body string) map[string]any {
	return map[string]any{
		"body":              NewBody(body),
		"attributes":        map[string]any{"SenderId": "me"},
		"messageAttributes": map[string]any{"kind": map[string]any{"stringValue": "k", "dataType": "String"}},
	}
}

func TestInvalid(t *testing.T) {
	for _, pattern := range []string{
		``, `null`, `"simple string"`, `[]`, `{}`, `{"body":{}}`, `{"eventSource":"aws:sqs"}`, `{"eventSource":[]}`,
		`{"body":["a"]} x`, `{"body":["a"]`, `{"body":[["a"]]}`, `{"body":1}`, `{"body":{"a":true}}`,
		`{"body":[{}]}`, `{"body":[{"prefix":"a","suffix":"b"}]}`, `{"body":[{"like":"a"}]}`, `{"body":[{"cidr":"10.0.0.0/8"}]}`, `{"body":[{"wildcard":"a*"}]}`,
		`{"body":[{"prefix":1}]}`, `{"body":[{"prefix":""}]}`, `{"body":[{"suffix":["a"]}]}`, `{"body":[{"exists":"true"}]}`,
		`{"body":[{"numeric":[]}]}`, `{"body":[{"numeric":"=1"}]}`, `{"body":[{"numeric":["=","1"]}]}`, `{"body":[{"numeric":["!=",1]}]}`,
		`{"body":[{"numeric":[">",2,"<",1]}]}`, `{"body":[{"numeric":["<",2,">",1]}]}`, `{"body":[{"numeric":["=",1,"=",1]}]}`, `{"body":[{"numeric":[">",1,"<"]}]}`,
		`{"body":[{"numeric":["=",1e999]}]}`,
		`{"body":[{"anything-but":[]}]}`, `{"body":[{"anything-but":["a",1]}]}`, `{"body":[{"anything-but":[null]}]}`, `{"body":[{"anything-but":{"numeric":["=",1]}}]}`,
		`{"body":[{"anything-but":{"prefix":""}}]}`, `{"body":[{"anything-but":{"prefix":"a","suffix":"b"}}]}`,
		`{"$or":[{"body":["a"]}]}`, `{"$or":{"body":["a"]}}`, `{"$or":["a","b"]}`, `{"$or":[{"body":["a"]},{}]}`,
	} {
		_, err := Compile(pattern)
		require.Error(t, err, pattern)
	}
}

// FuzzCompile holds that a pattern that compiles can be asked about any body.
func FuzzCompile(f *testing.F) {
	f.Add(`{"body":{"a":[{"numeric":[">",1,"<",2]}],"$or":[{"b":[null]},{"c":[{"anything-but":{"prefix":"x"}}]}]}}`, `{"a":[1.5],"b":null}`)
	f.Add(`{"body":[{"equals-ignore-case":"ſ"}]}`, "s")
	f.Fuzz(func(t *testing.T, pattern, body string) {
		p, err := Compile(pattern)
		if err != nil {
			return
		}
		require.True(t, json.Valid([]byte(pattern)))
		require.Equal(t, p.Match(event(body)), p.Match(event(body)))
	})
}
