package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const regexpFamily = "regular expression"

var regexps = []Function{
	{Name: "regexp_like", Doc: "Whether a pattern matches somewhere. The pattern must be a constant.", Example: "regexp_like('abc', '^a')",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> boolean", Check: constantPattern, Emit: onPattern("regexp_matches($1, $2)")}}},
	{Name: "regexp_extract", OwnNulls: true, Doc: "First match, or its group; NULL without a match.", Example: "regexp_extract('a12', '\\d+') = '12'",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> varchar(x)", Check: constantPattern, Emit: onPattern("regexp_extract_all($1, $2)[1]")},
			{Text: "(varchar(x), varchar, bigint) -> varchar(x)", Check: both(constantPattern, constantGroup), Emit: onPattern("regexp_extract_all($1, $2, CAST($3 AS INTEGER))[1]")},
		}},
	{Name: "regexp_extract_all", Doc: "All matches, or their groups.", Example: "regexp_extract_all('a1b2', '\\d')",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> array(varchar(x))", Check: constantPattern, Emit: onPattern("regexp_extract_all($1, $2)")},
			{Text: "(varchar(x), varchar, bigint) -> array(varchar(x))", Check: both(constantPattern, constantGroup), Emit: onPattern("regexp_extract_all($1, $2, CAST($3 AS INTEGER))")},
		}},
	{Name: "regexp_count", Doc: "Number of matches.", Example: "regexp_count('a1b2', '\\d') = 2",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> bigint", Check: both(constantPattern, notEmpty), Emit: onPattern("len(regexp_extract_all($1, $2))")}}},
	{Name: "regexp_replace", Doc: "Replaces all matches; $1 in the replacement is a group.", Example: "regexp_replace('a1', '(\\w)(\\d)', '$2$1') = '1a'",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar) -> varchar(x)", Check: both(constantPattern, notEmpty), Emit: onPattern("regexp_replace($1, $2, '', 'g')")},
			{Text: "(varchar(x), varchar, varchar(y)) -> varchar", Check: both(constantPattern, notEmpty, constantReplacement), Emit: replaceMatches, Return: matchesReplacedType},
		}},
	{Name: "regexp_split", Doc: "Parts between matches.", Example: "regexp_split('a1b', '\\d')",
		Sigs: []Signature{{Text: "(varchar(x), varchar) -> array(varchar(x))", Check: both(constantPattern, notEmpty), Emit: onPattern("regexp_split_to_array($1, $2)")}}},
}

func constantPattern(c *Call) *Error {
	if err := needConstant(c, 1, "pattern"); err != nil {
		return err
	}
	if _, err := translatePattern(constText(c, 1)); err != nil {
		return &Error{Name: notSupported, Message: err.Error(), Arg: 1}
	}
	return nil
}

// notEmpty refuses patterns that match ”, which the engines walk differently.
func notEmpty(c *Call) *Error {
	t, _ := translatePattern(constText(c, 1))
	if matchesEmpty(t.re2) {
		return &Error{Name: notSupported, Message: "A pattern that matches the empty text is not supported here", Arg: 1}
	}
	return nil
}

func constantGroup(c *Call) *Error {
	n, ok := c.Consts[2].(int64)
	if !c.IsConst[2] || !ok {
		return &Error{Name: notSupported, Message: "The group must be a constant", Arg: 2}
	}
	t, _ := translatePattern(constText(c, 1))
	if n < 0 {
		return &Error{Name: invalidArgument, Message: "Group cannot be negative", Arg: 2}
	}
	if n > int64(t.groups) {
		return &Error{Name: invalidArgument, Message: fmt.Sprintf("Pattern has %d groups. Cannot access group %d", t.groups, n), Arg: 2}
	}
	return nil
}

// onPattern emits with $2 as RE2's pattern. Texts for which the engines would
// differ are refused when they come.
func onPattern(template string) Emission {
	return func(c *Call) string { return guardPattern(c, template, c.Args) }
}

func guardPattern(c *Call, template string, args []string) string {
	t, _ := translatePattern(constText(c, 1))
	args = append([]string(nil), args...)
	args[1] = quote(t.re2)
	guards := ""
	if t.end {
		guards += " WHEN ends_with($1, chr(10)) THEN " + raise(notSupported, "A pattern with $ on a text that ends with a newline is not supported")
	}
	if t.boundary {
		guards += ` WHEN octet_length(encode($1)) > length($1) THEN ` + raise(notSupported, `A pattern with \b or \B is supported on ASCII text only`)
	}
	if guards == "" {
		return expand(template, args)
	}
	return expand("(CASE"+guards+" ELSE "+template+" END)", args)
}

func constantReplacement(c *Call) *Error {
	if err := needConstant(c, 2, "replacement"); err != nil {
		return err
	}
	t, _ := translatePattern(constText(c, 1))
	if _, err := translateReplacement(constText(c, 2), t.groups); err != nil {
		return &Error{Name: invalidArgument, Message: err.Error(), Arg: 2}
	}
	return nil
}

// translateReplacement turns Java's $1 and \$ into RE2's \1 and $.
func translateReplacement(text string, groups int) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			writeLiteral(&b, text[i])
		case text[i] == '\\':
			return "", fmt.Errorf("Invalid replacement sequence: %s", text) //nolint:staticcheck // Trino's words
		case text[i] == '$':
			i++
			if i == len(text) || text[i] < '0' || text[i] > '9' || i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
				return "", fmt.Errorf("Only groups $0 to $9 are supported in a replacement: %s", text) //nolint:staticcheck // shown as it is
			}
			if int(text[i]-'0') > groups {
				return "", fmt.Errorf("Illegal replacement sequence: unknown group %c", text[i]) //nolint:staticcheck // Trino's words
			}
			b.WriteByte('\\')
			b.WriteByte(text[i])
		default:
			writeLiteral(&b, text[i])
		}
	}
	return b.String(), nil
}

func writeLiteral(b *strings.Builder, c byte) {
	if c == '\\' {
		b.WriteByte('\\')
	}
	b.WriteByte(c)
}

func replaceMatches(c *Call) string {
	t, _ := translatePattern(constText(c, 1))
	replacement, _ := translateReplacement(constText(c, 2), t.groups)
	args := []string{c.Args[0], "", quote(replacement)}
	return guardPattern(c, "regexp_replace($1, $2, $3, 'g')", args)
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
