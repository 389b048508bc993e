package scan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
)

func TestBlank(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"a":                       "a",
		" \t\r\na":                "a",
		"-- c\na":                 "a",
		"-- c\ra":                 "a",
		"-- c":                    "",
		"/* c */a":                "a",
		"/**/ /***/ -- x\n/* */a": "a",
		"/* c":                    "/* c",
		"/*/":                     "/*/",
		"- a":                     "- a",
	} {
		require.Equal(t, want, text[scan.Blank(text):], text)
	}
}

func TestAdvance(t *testing.T) {
	require.Equal(t, ast.Position{Line: 1, Column: 3}, scan.Advance(scan.Start, "한글"))
	require.Equal(t, ast.Position{Line: 3, Column: 2}, scan.Advance(scan.Start, "a\r\n\n🎉"))
}
