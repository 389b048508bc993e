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
func Blank(text string) int { return BlankBefore(text, len(text)) }

// BlankBefore does the same where it is known that no */ begins after closable,
// so that a text full of /* is not searched again for each.
func BlankBefore(text string, closable int) int {
	n := 0
	for n < len(text) {
		k := blank(text[n:], n+2 <= closable)
		if k == 0 {
			break
		}
		n += k
	}
	return n
}

// blank measures one run of white space or one comment.
func blank(rest string, closable bool) int {
	switch {
	case IsSpace(rest[0]):
		n := 1
		for n < len(rest) && IsSpace(rest[n]) {
			n++
		}
		return n
	case strings.HasPrefix(rest, "--"):
		if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
			return end
		}
		return len(rest)
	case closable && strings.HasPrefix(rest, "/*"):
		if end := strings.Index(rest[2:], "*/"); end >= 0 {
			return end + 4
		}
	}
	return 0
}

// Blanks counts the runs of white space and the comments that a text begins
// with, a line's end being part of the comment before it.
func Blanks(text string, closable int) int {
	count := 0
	for n := 0; n < len(text); count++ {
		k := blank(text[n:], n+2 <= closable)
		if k == 0 {
			break
		}
		if strings.HasPrefix(text[n:], "--") {
			k += lineEnd(text[n+k:])
		}
		n += k
	}
	return count
}

// lineEnd measures [CR] [LF].
func lineEnd(rest string) int {
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		return 2
	case strings.HasPrefix(rest, "\r"), strings.HasPrefix(rest, "\n"):
		return 1
	}
	return 0
}
