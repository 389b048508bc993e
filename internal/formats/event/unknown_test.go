package event

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats/record"
)

func TestUnknownFieldsAreKept(t *testing.T) {
	var cols []record.Column
	for _, name := range []string{"id", "rest", "any"} {
		c, err := record.NewColumn(name, map[string]string{"id": "bigint", "rest": "string", "any": "string"}[name])
		require.NoError(t, err)
		cols = append(cols, c)
	}
	p := NewParser(cols, Options{TimeField: "at", KeepUnknown: true, Unread: map[string]bool{"rest": true}, JSONText: map[string]bool{"any": true}})
	for range 2 { // the second time the names are expected
		r, err := p.Parse(`{"id":1, "x" : {"a":[1, 2]} ,"rest":"r","at":"2021-02-03","Y\u0022":null,"any": {"k" :1}}`)
		require.NoError(t, err)
		require.Equal(t, []Field{{"x", `{"a":[1, 2]}`}, {"rest", `"r"`}, {`Y"`, "null"}}, r.Fields)
		require.Equal(t, 3, r.Unknown)
		require.False(t, r.Values[1].Valid)
		require.Equal(t, `{"k" :1}`, r.Values[2].Text)
		r, err = p.Parse(`{"any":null,"id":2}`)
		require.NoError(t, err)
		require.Empty(t, r.Fields)
		require.False(t, r.Values[2].Valid)
	}
	for _, bad := range []string{`{"x":{"a":}}`, `{"any":[1,}`} {
		_, err := p.Parse(bad)
		require.ErrorContains(t, err, "invalid JSON")
	}
}

func TestInfer(t *testing.T) {
	for value, want := range map[string]Inferred{
		`null`: {}, `[]`: {}, `[null]`: {}, `true`: {"boolean", false}, `false`: {"boolean", false}, `"x"`: {"string", false},
		`1`: {"bigint", false}, `-9223372036854775808`: {"bigint", false}, `9223372036854775808`: {"double", false}, `1.0`: {"double", false}, `1e3`: {"double", false},
		`[1,2]`: {"array<bigint>", false}, `[1,null,2.5]`: {"array<double>", false}, `["a", "b"]`: {"array<string>", false}, `[true]`: {"array<boolean>", false},
		`{"a":1}`: {"string", true}, `{}`: {"string", true}, `[{"a":1}]`: {"string", true}, `[1,"a"]`: {"string", true}, `[[1]]`: {"string", true},
	} {
		require.Equal(t, want, Infer(value), value)
	}
	for _, c := range []struct {
		a, b, want string
		ok         bool
	}{
		{"1", "2.5", "double", true}, {"2.5", "1", "double", true}, {"null", "1", "bigint", true}, {"1", "null", "bigint", true},
		{"[1]", "[2.5]", "array<double>", true}, {"1", `"a"`, "bigint", false}, {`"a"`, "{}", "string", false}, {"{}", "[{}]", "string", true},
	} {
		got, ok := Infer(c.a).Join(Infer(c.b))
		require.Equal(t, c.ok, ok, "%s and %s", c.a, c.b)
		require.Equal(t, c.want, got.Hive)
	}
}

// FuzzUnknown checks that what is kept of fields is their JSON, whatever it is,
// and that a type that is inferred for a value takes the value.
func FuzzUnknown(f *testing.F) {
	for _, s := range []string{
		`{"n":1,"x":{"a":[1, 2]},"y":-0.0,"z":[1,null,2.5]}`, `{"j":[{}],"q":"\u00e9","r":"","X":true}`, `{"j":null,"e":[],"f":[[1]],"g":9223372036854775808}`, `{"x":1e400}`,
	} {
		f.Add(s)
	}
	cols := columns(f, "n bigint", "j string", "rest string")
	keep := Options{KeepUnknown: true, Unread: map[string]bool{"rest": true}, JSONText: map[string]bool{"j": true}}
	plain, p := NewParser(cols[:1], Options{}), NewParser(cols, keep)
	f.Fuzz(func(t *testing.T, body string) {
		_, plainErr := plain.Parse(body)
		r, err := p.Parse(body)
		if plainErr != nil {
			require.Error(t, err, "options make no more bodies well")
			return
		}
		if err != nil {
			require.ErrorContains(t, err, "column j: expected one value")
			return
		}
		require.Len(t, r.Fields, r.Unknown)
		if r.Values[1].Valid {
			require.True(t, json.Valid([]byte(r.Values[1].Text)), r.Values[1].Text)
		}
		for _, field := range r.Fields {
			require.True(t, json.Valid([]byte(field.JSON)), field.JSON)
			i := Infer(field.JSON)
			if i.Hive == "" {
				continue
			}
			c, err := record.NewColumn("v", i.Hive)
			require.NoError(t, err)
			_, err = NewParser([]record.Column{c}, Options{JSONText: map[string]bool{"v": i.JSONText}}).Parse(`{"v":` + field.JSON + `}`)
			if err != nil {
				require.ErrorContains(t, err, "out of range", field.JSON)
			}
		}
	})
}
