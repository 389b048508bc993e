package types

import (
	"strings"
	"unicode/utf8"
)

// lexer splits type text into words, quoted names and single signs.
type lexer struct {
	text string
	pos  int
}

const signs = "()<>,:"

// next reads a token, "" at the end.
func (l *lexer) next() string {
	for l.pos < len(l.text) && strings.IndexByte(" \t\r\n", l.text[l.pos]) >= 0 {
		l.pos++
	}
	if l.pos == len(l.text) {
		return ""
	}
	start := l.pos
	c := l.text[l.pos]
	switch {
	case strings.IndexByte(signs, c) >= 0:
		l.pos++
	case c == '"' || c == '`':
		l.quoted(c)
	default:
		for l.pos < len(l.text) && strings.IndexByte(signs+" \t\r\n\"`", l.text[l.pos]) < 0 {
			_, size := utf8.DecodeRuneInString(l.text[l.pos:])
			l.pos += size
		}
	}
	return l.text[start:l.pos]
}

func (l *lexer) quoted(quote byte) {
	for l.pos++; l.pos < len(l.text); l.pos++ {
		if l.text[l.pos] != quote {
			continue
		}
		l.pos++
		if l.pos == len(l.text) || l.text[l.pos] != quote {
			return
		}
	}
}

func (l *lexer) peek() string {
	pos := l.pos
	token := l.next()
	l.pos = pos
	return token
}

func (l *lexer) accept(token string) bool {
	pos := l.pos
	if strings.EqualFold(l.next(), token) {
		return true
	}
	l.pos = pos
	return false
}

// unquote takes the quotes of a name away and undoubles those inside.
func unquote(name string) string {
	if len(name) < 2 || name[0] != name[len(name)-1] || name[0] != '"' && name[0] != '`' {
		return name
	}
	q := name[:1]
	return strings.ReplaceAll(name[1:len(name)-1], q+q, q)
}
