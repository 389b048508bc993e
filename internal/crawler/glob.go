package crawler

import (
	"fmt"
	"regexp"
	"strings"
)

// exclusions are glob patterns of what a crawl leaves out, relative to the
// include path.
type exclusions []*regexp.Regexp

// newExclusions reads Glue's glob patterns: * stays within a folder, ** does
// not, ? is one character, […] one of several, {a,b} one of several patterns.
// https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude
func newExclusions(patterns []string) (exclusions, error) {
	var out exclusions
	for _, p := range patterns {
		text, err := globExpression(p)
		if err != nil {
			return nil, fmt.Errorf("exclude pattern %q: %w", p, err)
		}
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("exclude pattern %q: %w", p, err)
		}
		out = append(out, re)
	}
	return out, nil
}

func (x exclusions) match(path string) bool {
	for _, re := range x {
		if re.MatchString(path) {
			return true
		}
	}
	return false
}

// globExpression is the regular expression of a glob pattern.
func globExpression(p string) (string, error) {
	var b strings.Builder
	b.WriteString("^")
	grouped := false
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '*' && strings.HasPrefix(p[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[':
			end := strings.IndexByte(p[i+1:], ']')
			if end < 1 {
				return "", fmt.Errorf("a [ is not closed")
			}
			b.WriteString(globClass(p[i+1 : i+1+end]))
			i += end + 1
		case c == '{' && grouped:
			return "", fmt.Errorf("groups cannot be nested")
		case c == '{':
			grouped = true
			b.WriteString("(?:(?:")
		case c == '}' && grouped:
			grouped = false
			b.WriteString("))")
		case c == ',' && grouped:
			b.WriteString(")|(?:")
		case c == '\\' && i+1 < len(p):
			i++
			b.WriteString(regexp.QuoteMeta(p[i : i+1]))
		case c == '\\':
			return "", fmt.Errorf("nothing follows the last backslash")
		default:
			b.WriteString(regexp.QuoteMeta(p[i : i+1]))
		}
	}
	if grouped {
		return "", fmt.Errorf("a { is not closed")
	}
	return b.String() + "$", nil
}

// globClass is a bracket expression; a slash is matched by none.
func globClass(inside string) string {
	not := ""
	if rest, ok := strings.CutPrefix(inside, "!"); ok {
		not, inside = "^/", rest
	}
	escape := strings.NewReplacer(`\`, `\\`, "[", `\[`, "^", `\^`, "&", `\&`)
	return "[" + not + escape.Replace(inside) + "]"
}
