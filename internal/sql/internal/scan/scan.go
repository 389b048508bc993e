package scan

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// Start is the place of a text's first character.
var Start = ast.Position{Line: 1, Column: 1}

// Advance is the place after text that begins at pos. Columns count code
// points; only a line feed begins a line.
func Advance(pos ast.Position, text string) ast.Position {
	for _, r := range text {
		pos.Column++
		if r == '\n' {
			pos.Line++
			pos.Column = 1
		}
	}
	return pos
}

// IsSpace tells whether a byte is white space in both languages.
func IsSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// Blank is the length in bytes of the white space and comments that a text
// begins with. A /* that is never closed is not a comment.
func Blank(text string) int {
	n := 0
	for n < len(text) {
		rest := text[n:]
		switch {
		case IsSpace(rest[0]):
			n++
		case strings.HasPrefix(rest, "--"):
			end := strings.IndexAny(rest, "\r\n")
			if end < 0 {
				return len(text)
			}
			n += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return n
			}
			n += end + 4
		default:
			return n
		}
	}
	return n
}
