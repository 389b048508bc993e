package functions

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const regexpFamily = "regular expression"

var regexps = []Function{
	{Name: "regexp_like", Doc: "Whether a pattern matches somewhere.", Example: "regexp_like('abc', '^a')",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> boolean", Emit: matching("regexp_matches($1, $2)", "scops_regexp_like($1, $2)", anyPattern)}}},
	{Name: "regexp_extract", OwnNulls: true, Doc: "First match, or its group; NULL without a match.", Example: "regexp_extract('a12', '\\d+') = '12'",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> varchar(x)", Emit: matching("", "scops_regexp_extract($1, $2, 0)", nil)},
			{Text: "(varchar(x), varchar, bigint) -> varchar(x)", Emit: matching("", "scops_regexp_extract($1, $2, $3)", nil)},
		}},
	{Name: "regexp_extract_all", Doc: "All matches, or their groups.", Example: "regexp_extract_all('a1b2', '\\d')",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> array(varchar(x))", Emit: matching("regexp_extract_all($1, $2)", "scops_regexp_extract_all($1, $2, 0)", neverEmpty)},
			{Text: "(varchar(x), varchar, bigint) -> array(varchar(x))", Emit: matching("", "scops_regexp_extract_all($1, $2, $3)", nil)},
		}},
	{Name: "regexp_count", Doc: "Number of matches.", Example: "regexp_count('a1b2', '\\d') = 2",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> bigint", Emit: matching("len(regexp_extract_all($1, $2))", "scops_regexp_count($1, $2)", neverEmpty)}}},
	{Name: "regexp_position", Doc: "Where the nth match from a start begins, or -1.", Example: "regexp_position('a1b2', '\\d') = 2",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> integer", Emit: T("scops_regexp_position($1, $2, 1, 1)")},
			{Text: "(varchar(x), varchar, integer) -> integer", Emit: T("scops_regexp_position($1, $2, $3, 1)")},
			{Text: "(varchar(x), varchar, integer, integer) -> integer", Emit: T("scops_regexp_position($1, $2, $3, $4)")},
		}},
	{Name: "regexp_replace", Doc: "Replaces all matches; $1 in the replacement is a group. A lambda makes the replacement of the groups.", Example: "regexp_replace('a1', '(\\w)(\\d)', '$2$1') = '1a'",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> varchar(x)", Emit: matching("regexp_replace($1, $2, '', 'g')", "scops_regexp_replace($1, $2, '')", neverEmpty)},
			{Text: "(varchar(x), varchar, varchar(y)) -> varchar", Emit: replaceMatches, Return: matchesReplacedType},
			{Text: "(varchar(x), varchar, function(array(varchar),varchar)) -> varchar", Emit: T("scops_regexp_join($1, $2, list_transform(scops_regexp_groups($1, $2), $3))")},
		}},
	{Name: "regexp_split", Doc: "Parts between matches.", Example: "regexp_split('a1b', '\\d')",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> array(varchar(x))", Emit: matching("regexp_split_to_array($1, $2)", "scops_regexp_split($1, $2)", neverEmpty)}}},
}

// anyPattern and neverEmpty say which patterns DuckDB's engine may take.
func anyPattern(translated) bool   { return true }
func neverEmpty(t translated) bool { return !matchesEmpty(t.re2) }

// matching emits with DuckDB's own engine where the pattern is a constant that
// means the same there, else with the one in Go.
func matching(fast, slow string, may func(translated) bool) Emission {
	return func(c *Call) string {
		t, ok := constantPattern(c)
		if !ok || may == nil || !may(t) {
			return expand(slow, c.Args)
		}
		return t.guarded(c.Args, fast, slow)
	}
}

// constantPattern is a constant pattern that DuckDB's engine takes.
func constantPattern(c *Call) (translated, bool) {
	pattern, ok := c.Consts[1].(string)
	if !ok {
		return translated{}, false
	}
	t, err := translatePattern(pattern)
	return t, err == nil
}

// guarded sends texts for which the engines would differ to the one in Go.
func (t translated) guarded(args []string, fast, slow string) string {
	args = append(append([]string{}, args...), quote(t.re2))
	fast = strings.ReplaceAll(fast, "$2", "$"+strconv.Itoa(len(args)))
	guards := ""
	if t.end {
		guards += " WHEN ends_with($1, chr(10)) THEN " + slow
	}
	if t.boundary || t.fold {
		guards += " WHEN octet_length(encode($1)) > length($1) THEN " + slow
	}
	if guards == "" {
		return expand(fast, args)
	}
	return expand("(CASE"+guards+" ELSE "+fast+" END)", args)
}

// replaceMatches: DuckDB's replacement has \1 for Java's $1.
func replaceMatches(c *Call) string {
	const slow = "scops_regexp_replace($1, $2, $3)"
	t, ok := constantPattern(c)
	text, constant := c.Consts[2].(string)
	if !ok || !constant || !neverEmpty(t) || strings.ContainsAny(text, `\$`) {
		return expand(slow, c.Args)
	}
	return t.guarded(c.Args, "regexp_replace($1, $2, $3, 'g')", slow)
}

// matchesReplacedType is Trino's bound on the length of the result.
func matchesReplacedType(c *Call) types.Type {
	x, y := c.Types[0].Precision, c.Types[2].Precision
	if x == types.UnboundedLength || y == types.UnboundedLength || x > 1<<15 || y > 1<<15 {
		return types.VarcharUnbounded
	}
	if z := x + max(x*y/2, y)*(x+1); z <= types.MaxVarcharLength {
		return types.VarcharType(z)
	}
	return types.VarcharUnbounded
}
