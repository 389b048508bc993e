package catalog

import (
	"regexp"
	"strings"
)

// NamePattern reads a pattern of names as Hive and Glue write them: a regular
// expression on the whole name, in which a * that quantifies nothing by itself
// stands for any text ("orders*", "*_2021", "a*|b*", ".*"). The empty pattern
// matches all. Letters match in either case.
func NamePattern(pattern string) (func(name string) bool, error) {
	if pattern == "" {
		return func(string) bool { return true }, nil
	}
	var b strings.Builder
	for i, r := range pattern {
		if r == '*' && (i == 0 || !strings.ContainsRune(".)]\\", rune(pattern[i-1]))) {
			b.WriteByte('.')
		}
		b.WriteRune(r)
	}
	re, err := regexp.Compile("(?i)^(?:" + b.String() + ")$")
	if err != nil {
		return nil, fail(ErrInvalid, "pattern", pattern, "%v", err)
	}
	return re.MatchString, nil
}
