package jsonpath

import (
	"regexp"
	"strings"
)

// tokenKind is what a token is; signs and words are known by their text.
type tokenKind uint8

const (
	signToken tokenKind = iota
	wordToken
	stringToken
	integerToken
	decimalToken
	doubleToken
	variableToken // $name
	endToken
)

// token is a token with its place in the path.
type token struct {
	kind   tokenKind
	text   string // of a string: what it holds
	offset int
}

var tokenForms = []struct {
	kind tokenKind
	form *regexp.Regexp
}{
	{doubleToken, regexp.MustCompile(`^([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+`)},
	{decimalToken, regexp.MustCompile(`^([0-9]+\.[0-9]*|\.[0-9]+)`)},
	{integerToken, regexp.MustCompile(`^[0-9]+`)},
	{stringToken, regexp.MustCompile(`^"([^"]|"")*"`)},
	{variableToken, regexp.MustCompile(`^\$[A-Za-z_][A-Za-z0-9_]*`)},
	{wordToken, regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)},
	{signToken, regexp.MustCompile(`^(\.\.|&&|\|\||==|<>|!=|<=|>=|[-$@.*/%+()\[\],?!<>])`)},
}

// tokens splits a path; the last is endToken.
func tokens(path string) ([]token, error) {
	var out []token
	for pos := 0; ; {
		for pos < len(path) && strings.IndexByte(" \t\r\n", path[pos]) >= 0 {
			pos++
		}
		if pos == len(path) {
			return append(out, token{endToken, "<EOF>", pos}), nil
		}
		t, size := nextToken(path[pos:])
		if size == 0 {
			return nil, &SyntaxError{Offset: pos, Message: "mismatched input '" + path[pos:pos+1] + "'"}
		}
		t.offset = pos
		out = append(out, t)
		pos += size
	}
}

func nextToken(rest string) (token, int) {
	for _, f := range tokenForms {
		m := f.form.FindString(rest)
		if m == "" {
			continue
		}
		text := m
		if f.kind == stringToken {
			text = strings.ReplaceAll(m[1:len(m)-1], `""`, `"`)
		}
		return token{kind: f.kind, text: text}, len(m)
	}
	return token{}, 0
}
