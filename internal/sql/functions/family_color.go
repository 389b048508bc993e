package functions

import "github.com/scopsdb/scops/internal/sql/types"

const colorFamily = "color"

var colors = []Function{
	{Name: "color", Doc: "Color of a name or #rgb, or between two colors.", Example: "color('red')",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> color", Emit: T("scops_color($1)")},
			{Text: "(double, color, color) -> color", Emit: T("scops_color_between($1, $2, $3)")},
			{Text: "(double, double, double, color, color) -> color", Emit: T("scops_color_between(($1 - $2) / ($3 - $2), $4, $5)")},
		}},
	{Name: "rgb", Doc: "Color of red, green and blue from 0 to 255.", Example: "rgb(255, 0, 0)",
		Sigs: []Signature{{Text: "(bigint, bigint, bigint) -> color", Emit: T("scops_rgb($1, $2, $3)")}}},
	{Name: "render", Doc: "Text of a value in a color, for a terminal.", Example: "render(true)",
		Sigs: []Signature{
			{Text: "(boolean) -> varchar(16)", Emit: T("(CASE WHEN $1 THEN scops_render(chr(10003), -3) WHEN NOT $1 THEN scops_render(chr(10007), -2) END)")},
			{Text: "(varchar(x), color) -> varchar(x)", Emit: T("scops_render($1, $2)"), Return: renderedType},
			{Text: "(bigint, color) -> varchar(35)", Emit: T("scops_render(CAST($1 AS VARCHAR), $2)")},
			{Text: "(double, color) -> varchar(41)", Emit: T("scops_render(scops_java_double($1), $2)")},
		}},
	{Name: "bar", Doc: "Bar of a width, filled to a fraction, for a terminal.", Example: "bar(0.5, 10)",
		Sigs: []Signature{
			{Text: "(double, bigint) -> varchar", Emit: T("scops_bar($1, $2, 16711680, 65280)")},
			{Text: "(double, bigint, color, color) -> varchar", Emit: T("scops_bar($1, $2, $3, $4)")},
		}},
}

// renderedType has room for the escapes.
func renderedType(c *Call) types.Type {
	const escapes = 15
	n := c.Types[0].Precision
	if n == types.UnboundedLength || n+escapes > types.MaxVarcharLength {
		return types.VarcharUnbounded
	}
	return types.VarcharType(n + escapes)
}
