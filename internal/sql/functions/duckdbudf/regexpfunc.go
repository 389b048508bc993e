package duckdbudf

import (
	"database/sql/driver"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

var regexpUDFs = []udf{
	{name: "scops_regexp_like", in: in(text, text), out: boolean, run: regexpLike},
	{name: "scops_regexp_extract", in: in(text, text, bigint), out: text, run: regexpExtract},
	{name: "scops_regexp_extract_all", in: in(text, text, bigint), out: list(text), run: regexpExtractAll},
	{name: "scops_regexp_count", in: in(text, text), out: bigint, run: regexpCount},
	{name: "scops_regexp_split", in: in(text, text), out: list(text), run: regexpSplit},
	{name: "scops_regexp_position", in: in(text, text, integer, integer), out: integer, run: regexpPosition},
	{name: "scops_regexp_replace", in: in(text, text, text), out: text, run: regexpReplace},
	{name: "scops_regexp_groups", in: in(text, text), out: list(list(text)), run: regexpGroups},
	{name: "scops_regexp_join", in: in(text, text, list(text)), out: text, run: regexpJoin},
}

// longestMatch bounds the time of one search: a backtracking engine may take
// exponential time.
const longestMatch = 2 * time.Second

// compiled is a pattern that was read, or why it was not.
type compiled struct {
	re     *regexp2.Regexp
	groups int
	names  map[string]int
	folds  bool // ignores case somewhere
	err    error
}

// compiledPatterns are patterns by their text, also those that are wrong.
var compiledPatterns cache[*compiled]

func compilePattern(pattern string) (*compiled, error) {
	c, _ := compiledPatterns.get(pattern, newPattern)
	return c, c.err
}

func newPattern(pattern string) (*compiled, error) {
	text, p, err := translateJoni(pattern)
	if errors.Is(err, errRefused) {
		return &compiled{err: failure("NOT_SUPPORTED", "The regular expression is not supported: %s: %s", pattern, err)}, nil
	}
	if err != nil {
		return &compiled{err: failure("INVALID_FUNCTION_ARGUMENT", "%s", err)}, nil
	}
	re, err := regexp2.Compile(text, regexp2.None)
	if err != nil {
		return &compiled{err: failure("NOT_SUPPORTED", "The regular expression is not supported: %s", pattern)}, nil
	}
	re.MatchTimeout = longestMatch
	return &compiled{re: re, groups: p.groups, names: p.names, folds: p.folds}, nil
}

// search calls found for each match from a place on, as Trino walks: behind an
// empty match it goes on one character later. found says whether to go on.
func (c *compiled) search(s []rune, from int, found func(*regexp2.Match) bool) error {
	if c.folds && slices.ContainsFunc(s, foldsToSeveral) {
		return failure("NOT_SUPPORTED", "A regular expression that ignores case on a text with ß or ligatures is not supported")
	}
	for from <= len(s) {
		m, err := c.re.FindRunesMatchStartingAt(s, from)
		if err != nil {
			return failure("NOT_SUPPORTED", "The search for a regular expression took more than %s", longestMatch)
		}
		if m == nil || !found(m) {
			return nil
		}
		from = m.Index + m.Length
		if m.Length == 0 {
			from++
		}
	}
	return nil
}

// group is the text of a group, or nil where it took no part.
func group(m *regexp2.Match, n int) any {
	g := m.GroupByNumber(n)
	if g == nil || len(g.Captures) == 0 {
		return nil
	}
	return g.String()
}

func regexpLike(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	like := false
	err = c.search([]rune(a[0].(string)), 0, func(*regexp2.Match) bool { like = true; return false })
	return like, err
}

func (c *compiled) checkGroup(n int64) error {
	if n < 0 {
		return failure("INVALID_FUNCTION_ARGUMENT", "Group cannot be negative")
	}
	if n > int64(c.groups) {
		return failure("INVALID_FUNCTION_ARGUMENT", "Pattern has %d groups. Cannot access group %d", c.groups, n)
	}
	return nil
}

func regexpExtract(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err == nil {
		err = c.checkGroup(a[2].(int64))
	}
	if err != nil {
		return nil, err
	}
	var out any
	err = c.search([]rune(a[0].(string)), 0, func(m *regexp2.Match) bool {
		out = group(m, int(a[2].(int64)))
		return false
	})
	return out, err
}

func regexpExtractAll(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err == nil {
		err = c.checkGroup(a[2].(int64))
	}
	if err != nil {
		return nil, err
	}
	out := []any{}
	err = c.search([]rune(a[0].(string)), 0, func(m *regexp2.Match) bool {
		out = append(out, group(m, int(a[2].(int64))))
		return true
	})
	return out, err
}

func regexpCount(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	n := int64(0)
	err = c.search([]rune(a[0].(string)), 0, func(*regexp2.Match) bool { n++; return true })
	return n, err
}

func regexpSplit(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	s, last := []rune(a[0].(string)), 0
	out := []any{}
	err = c.search(s, 0, func(m *regexp2.Match) bool {
		out = append(out, string(s[last:m.Index]))
		last = m.Index + m.Length
		return true
	})
	return append(out, string(s[last:])), err
}

// regexpPosition is where the nth match from a start begins, or -1.
func regexpPosition(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	s, start, n := []rune(a[0].(string)), int(a[2].(int32)), a[3].(int32)
	if start < 1 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "start position cannot be smaller than 1")
	}
	if n < 1 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "occurrence cannot be smaller than 1")
	}
	if start > len(s) {
		return int32(-1), nil
	}
	at := int32(-1)
	err = c.search(s, start-1, func(m *regexp2.Match) bool {
		if n--; n == 0 {
			at = int32(m.Index) + 1
		}
		return n > 0
	})
	return at, err
}

func regexpReplace(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	return c.replace(a[0].(string), func(b *strings.Builder, m *regexp2.Match) error {
		return c.appendReplacement(b, a[2].(string), m)
	})
}

func (c *compiled) replace(text string, write func(*strings.Builder, *regexp2.Match) error) (any, error) {
	s, last := []rune(text), 0
	var b strings.Builder
	var failed error
	err := c.search(s, 0, func(m *regexp2.Match) bool {
		b.WriteString(string(s[last:m.Index]))
		last = m.Index + m.Length
		failed = write(&b, m)
		return failed == nil
	})
	b.WriteString(string(s[last:]))
	return b.String(), firstError(failed, err)
}

// appendReplacement writes a replacement, in which $1 and ${name} are groups
// and a backslash makes the next character plain.
func (c *compiled) appendReplacement(b *strings.Builder, text string, m *regexp2.Match) error {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i++; i == len(text) {
				return failure("INVALID_FUNCTION_ARGUMENT", "Illegal replacement sequence: %s", text)
			}
			b.WriteByte(text[i])
		case '$':
			n, length, err := c.groupReference(text[i+1:])
			if err != nil {
				return err
			}
			i += length
			if s, ok := group(m, n).(string); ok {
				b.WriteString(s)
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return nil
}

// groupReference reads what is behind a dollar: as many digits as make a group
// that there is, or a name in braces.
func (c *compiled) groupReference(text string) (n, length int, err error) {
	if inside, ok := strings.CutPrefix(text, "{"); ok {
		name, _, closed := strings.Cut(inside, "}")
		n, known := c.names[name]
		if !closed || !known {
			return 0, 0, failure("INVALID_FUNCTION_ARGUMENT", "Illegal replacement sequence: unknown group { %s }", name)
		}
		return n, len(name) + 2, nil
	}
	for length < len(text) && text[length] >= '0' && text[length] <= '9' {
		next, _ := strconv.Atoi(text[:length+1])
		if next > c.groups {
			break
		}
		n, length = next, length+1
	}
	if length == 0 {
		return 0, 0, failure("INVALID_FUNCTION_ARGUMENT", "Illegal replacement sequence: unknown group %s", text[:min(1, len(text))])
	}
	return n, length, nil
}

// regexpGroups are the groups of each match, for a lambda.
func regexpGroups(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	out := []any{}
	err = c.search([]rune(a[0].(string)), 0, func(m *regexp2.Match) bool {
		groups := make([]any, c.groups)
		for i := range groups {
			groups[i] = group(m, i+1)
		}
		out = append(out, groups)
		return true
	})
	return out, err
}

// regexpJoin puts what a lambda gave in the place of each match; it is NULL
// where the lambda gave one.
func regexpJoin(a []driver.Value) (any, error) {
	c, err := compilePattern(a[1].(string))
	if err != nil {
		return nil, err
	}
	replacements := a[2].([]any)
	if slices.Contains(replacements, nil) {
		return nil, nil
	}
	return c.replace(a[0].(string), func(b *strings.Builder, _ *regexp2.Match) error {
		b.WriteString(replacements[0].(string))
		replacements = replacements[1:]
		return nil
	})
}
