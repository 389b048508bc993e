package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// functionCall reads the arguments of a call and what follows them.
func (p *parser) functionCall(name *ast.QualifiedName) ast.Expression {
	f := &ast.FunctionCall{Position: name.Position, Name: name}
	p.need("(")
	switch {
	case p.take("*"):
		f.Star = true
		p.need(")")
	case p.take(")"):
	case p.isLabelStar():
		f.Star = true
		f.Label = p.identifier()
		p.advance()
		p.advance()
		p.need(")")
	default:
		p.arguments(f)
		if f.Arguments != nil && p.is("FROM") && f.Name.Lower() == "substring" {
			return p.substring(f)
		}
		p.need(")")
	}
	f.Filter = p.filter()
	if !f.Star {
		f.NullTreatment = p.nullTreatment()
	}
	f.Over = p.over()
	if f.NullTreatment != ast.NullsUnspecified && f.Over == nil {
		p.fail()
	}
	p.checkCall(f)
	return f
}

// isLabelStar tells whether label.* is next.
func (p *parser) isLabelStar() bool {
	return p.tok().isName() && p.peek(1).word == "." && p.peek(2).word == "*"
}

// arguments reads [DISTINCT] a, b [ORDER BY …].
func (p *parser) arguments(f *ast.FunctionCall) {
	if p.is("ORDER") {
		p.callOrder(f)
		return
	}
	p.want("ORDER")
	f.Distinct = p.setQuantifier()
	f.Arguments = list(p, p.expression)
	p.callOrder(f)
}

func (p *parser) callOrder(f *ast.FunctionCall) {
	if p.takeSeq("ORDER", "BY") {
		f.OrderBy = list(p, p.sortItem)
	}
}

// substring reads SUBSTRING(a FROM b [FOR c]) as the call that Trino makes of
// it.
func (p *parser) substring(f *ast.FunctionCall) ast.Expression {
	p.need("FROM")
	if len(f.Arguments) != 1 || f.Distinct || f.OrderBy != nil {
		p.errorf(f.Position, "SUBSTRING … FROM takes one value before FROM")
	}
	arguments := append(f.Arguments, p.value())
	if p.take("FOR") {
		arguments = append(arguments, p.value())
	}
	p.need(")")
	return call(f.Position, "substr", arguments...)
}

// filter reads FILTER (WHERE …), if it is there.
func (p *parser) filter() ast.Expression {
	if !p.at("FILTER") || p.peek(1).word != "(" {
		return nil
	}
	p.advance()
	p.need("(")
	p.need("WHERE")
	e := p.expression()
	p.need(")")
	return e
}

func (p *parser) nullTreatment() ast.NullTreatment {
	if !p.at("IGNORE") && !p.at("RESPECT") || p.peek(1).word != "NULLS" {
		return ast.NullsUnspecified
	}
	word := p.advance().word
	p.advance()
	if word == "IGNORE" {
		return ast.IgnoreNulls
	}
	return ast.RespectNulls
}

// over reads OVER w or OVER (…), if it is there. OVER alone is an alias.
func (p *parser) over() *ast.Over {
	if !p.at("OVER") || !p.atOver() {
		return nil
	}
	o := &ast.Over{Position: p.advance().pos}
	if !p.take("(") {
		o.Name = p.identifier()
		return o
	}
	o.Spec = p.windowSpec()
	p.need(")")
	return o
}

// atOver tells whether a window follows the OVER that is next: OVER LIMIT 1 is an
// alias and a clause.
func (p *parser) atOver() bool {
	next, after := p.peek(1), p.peek(2)
	switch next.word {
	case "(":
		return true
	case "LIMIT", "OFFSET":
		return after.kind != tokenInteger && after.word != "?" && after.word != "ALL"
	case "FETCH":
		return after.word != "FIRST" && after.word != "NEXT"
	}
	return next.isName()
}

// listAgg reads LISTAGG(…) WITHIN GROUP (…).
func (p *parser) listAgg() ast.Expression {
	l := &ast.ListAgg{Position: p.advance().pos}
	p.need("(")
	l.Distinct = p.setQuantifier()
	l.Value = p.expression()
	if p.take(",") {
		l.Separator = p.str()
	}
	if p.takeSeq("ON", "OVERFLOW") {
		p.listAggOverflow(l)
	}
	p.need(")")
	p.need("WITHIN")
	p.need("GROUP")
	p.need("(")
	p.need("ORDER")
	p.need("BY")
	l.OrderBy = list(p, p.sortItem)
	p.need(")")
	l.Filter = p.filter()
	return l
}

func (p *parser) listAggOverflow(l *ast.ListAgg) {
	if p.needAny("ERROR", "TRUNCATE") == "ERROR" {
		return
	}
	l.Overflow.Truncate = true
	if p.tok().isString() {
		l.Overflow.Filler = p.str()
	} else {
		p.want("<string>")
	}
	l.Overflow.WithCount = p.needAny("WITH", "WITHOUT") == "WITH"
	p.need("COUNT")
}

// specialForm is a function that Trino's parser checks, because it is
// evaluated in its own way.
type specialForm struct {
	min, max int
	message  string // of a wrong number of arguments
}

var specialForms = map[string]specialForm{
	"if":       {2, 3, "Invalid number of arguments for 'if' function"},
	"nullif":   {2, 2, "Invalid number of arguments for 'nullif' function"},
	"coalesce": {2, 1 << 20, "The 'coalesce' function must have at least two arguments"},
	"try":      {1, 1, "The 'try' function must have exactly one argument"},
	"format":   {2, 1 << 20, "The 'format' function must have at least two arguments"},
}

// checkCall makes the checks of calls that Trino's parser makes.
func (p *parser) checkCall(f *ast.FunctionCall) {
	if len(f.Name.Parts) != 1 {
		return
	}
	name := f.Name.Lower()
	form, ok := specialForms[name]
	if !ok {
		return
	}
	switch {
	case len(f.Arguments) < form.min || len(f.Arguments) > form.max:
		p.errorf(f.Position, "%s", form.message)
	case f.Over != nil:
		p.errorf(f.Position, "OVER clause not valid for '%s' function", name)
	case f.Distinct:
		p.errorf(f.Position, "DISTINCT not valid for '%s' function", name)
	case f.Filter != nil:
		p.errorf(f.Position, "FILTER not valid for '%s' function", name)
	case f.OrderBy != nil:
		p.errorf(f.Position, "ORDER BY not valid for '%s' function", name)
	}
}
