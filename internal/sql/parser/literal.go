package parser

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
)

// stringLiteral reads '…' or U&'…' [UESCAPE 'c']; the caller has seen that one
// is next.
func (p *parser) stringLiteral() *ast.StringLiteral {
	t := p.advance()
	literal := &ast.StringLiteral{Position: t.pos}
	if t.kind == tokenString {
		literal.Value = unquote(t.text)
		return literal
	}
	escape := '\\'
	if p.take("UESCAPE") {
		e := p.tok()
		if e.kind != tokenString {
			p.want("<string>")
			p.fail()
		}
		p.advance()
		escape = p.unicodeEscape(t.pos, unquote(e.text))
	}
	literal.Value = p.decodeUnicode(t.pos, unquote(t.text[2:]), escape)
	return literal
}

// unicodeEscape checks the character after UESCAPE.
func (p *parser) unicodeEscape(at ast.Position, text string) rune {
	if text == "" {
		p.errorf(at, "Empty Unicode escape character")
	}
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) {
		p.errorf(at, "Invalid Unicode escape character: %s", text)
	}
	if r < 0x20 || r >= 0x7f || strings.ContainsRune("0123456789abcdefABCDEF+\"' ", r) {
		p.errorf(at, "Invalid Unicode escape character: %s", text)
	}
	return r
}

// decodeUnicode resolves \1234, \+123456 and \\ where \ is escape.
func (p *parser) decodeUnicode(at ast.Position, text string, escape rune) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if r != escape {
			out.WriteRune(r)
			continue
		}
		rest := text[i:]
		if strings.HasPrefix(rest, string(escape)) {
			out.WriteRune(escape)
			i += size
			continue
		}
		width := 4
		if strings.HasPrefix(rest, "+") {
			rest = rest[1:]
			i++
			width = 6
		}
		if len(rest) < width {
			p.errorf(at, "Incomplete escape sequence: %s", rest)
		}
		code, err := strconv.ParseUint(rest[:width], 16, 32)
		if err != nil {
			p.errorf(at, "Invalid hexadecimal digit in escape sequence: %s", rest[:width])
		}
		if code > utf8.MaxRune {
			p.errorf(at, "Invalid escaped character: %s", rest[:width])
		}
		if 0xd800 <= code && code <= 0xdfff {
			p.errorf(at, "Invalid escaped character: %s. Escaped character is a surrogate. Use '\\+123456' instead.", rest[:width])
		}
		out.WriteRune(rune(code))
		i += width
	}
	return out.String()
}

// binaryLiteral reads X'…'.
func (p *parser) binaryLiteral() ast.Expression {
	t := p.advance()
	digits := strings.Map(func(r rune) rune {
		if r < 0x80 && scan.IsSpace(byte(r)) {
			return -1
		}
		return r
	}, t.text[2:len(t.text)-1])
	if strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		p.errorf(t.pos, "Binary literal can only contain hexadecimal digits")
	}
	value, err := hex.DecodeString(digits)
	if err != nil {
		p.errorf(t.pos, "Binary literal must contain an even number of digits")
	}
	return &ast.BinaryLiteral{Position: t.pos, Value: value}
}

// numberLiteral reads a number with an optional minus, which is next.
func (p *parser) numberLiteral() ast.Expression {
	pos := p.pos()
	sign := ""
	if p.is("-") {
		p.advance()
		sign = "-"
	}
	t := p.advance()
	text := sign + strings.ReplaceAll(t.text, "_", "")
	switch t.kind {
	case tokenDecimal:
		return &ast.DecimalLiteral{Position: pos, Value: text}
	case tokenDouble:
		value, err := strconv.ParseFloat(text, 64)
		if err != nil && !math.IsInf(value, 0) {
			p.errorf(pos, "Invalid numeric literal: %s", text)
		}
		return &ast.DoubleLiteral{Position: pos, Value: value}
	}
	value, ok := long(text)
	if !ok {
		// Trino has no place for this one.
		p.errorf(scan.Start, "Invalid numeric literal: %s%s", sign, t.text)
	}
	return &ast.LongLiteral{Position: pos, Value: value}
}

// long is the value of an integer literal without underscores. With a base other
// than ten Trino takes no minus.
func long(text string) (int64, bool) {
	base := 10
	if isBased(text) {
		base = map[byte]int{'x': 16, 'o': 8, 'b': 2}[text[1]|0x20]
		text = text[2:]
	}
	value, err := strconv.ParseInt(text, base, 64)
	return value, err == nil
}

// intervalFields are the units of an interval.
var intervalFields = []string{"DAY", "HOUR", "MINUTE", "MONTH", "SECOND", "YEAR"}

// intervalLiteral reads INTERVAL [+|-] '1' DAY [TO SECOND].
func (p *parser) intervalLiteral() *ast.IntervalLiteral {
	interval := &ast.IntervalLiteral{Position: p.need("INTERVAL").pos}
	interval.Negative = p.takeAny("+", "-") == "-"
	interval.Value = p.str().Value
	interval.Start = ast.IntervalField(p.needAny(intervalFields...))
	if p.take("TO") {
		interval.End = ast.IntervalField(p.needAny(intervalFields...))
	}
	return interval
}
