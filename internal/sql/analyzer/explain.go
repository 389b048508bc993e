package analyzer

import (
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// PlanColumn is the name of EXPLAIN's one column.
const PlanColumn = "Query Plan"

// explain analyzes EXPLAIN: the result is one row with the plan, or with true
// for TYPE VALIDATE. Nothing runs.
func (a *analyzer) explain(e *ast.Explain) (*Analysis, error) {
	if e.Analyze {
		return nil, notSupported(e, "EXPLAIN ANALYZE inside another statement is not supported")
	}
	if e.Type == "VALIDATE" {
		return a.validate(e)
	}
	if e.Type == "IO" && e.Format == "GRAPHVIZ" && !isTask(e.Statement) {
		return nil, errorAt(nowhere{}, "GENERIC_INTERNAL_ERROR", "Unhandled plan type: IO")
	}
	if isTask(e.Statement) {
		text, err := taskText(e.Statement)
		if err != nil {
			return nil, err
		}
		return a.planText(text), nil
	}
	plan, err := a.explained(e.Statement)
	if err != nil {
		return nil, err
	}
	return a.planText(plan.render(e, a.estimate(plan))), nil
}

// estimate asks what running a plan would read; nil where nobody knows, and
// where it reads no table.
func (a *analyzer) estimate(plan *Analysis) *Estimate {
	if a.opts.Estimate == nil || len(plan.Scans) == 0 {
		return nil
	}
	e := a.opts.Estimate(a.ctx, plan)
	return &e
}

// render writes a plan as the options of EXPLAIN say. As in Trino the type is
// DISTRIBUTED where none is given; here every plan is of one fragment.
func (an *Analysis) render(e *ast.Explain, estimate *Estimate) string {
	switch {
	case e.Type == "IO":
		return an.ioJSON()
	case e.Format == "JSON":
		return an.planJSON(e.Type != "LOGICAL", nil, estimate)
	case e.Format == "GRAPHVIZ":
		return an.graphviz(e.Type != "LOGICAL")
	}
	return an.Explain() + estimate.text()
}

// explained analyzes what an EXPLAIN is of.
func (a *analyzer) explained(stmt ast.Statement) (*Analysis, error) {
	switch s := stmt.(type) {
	case *ast.Query, *ast.Explain, *ast.ShowFunctions:
		return a.statement(s)
	case *ast.ExecuteImmediate:
		return a.executeImmediate(s)
	case *ast.CreateTableAs, *ast.Insert, *ast.Unload:
		return a.writing(s)
	}
	return nil, notSupported(stmt, "EXPLAIN of %s is not supported", statementName(stmt))
}

func (a *analyzer) validate(e *ast.Explain) (*Analysis, error) {
	switch e.Statement.(type) {
	case *ast.Use:
		return nil, notSupported(e.Statement, "USE statement is not supported")
	case *ast.CreateView, *ast.DropView, *ast.Prepare, *ast.Deallocate, *ast.SetSession, *ast.ResetSession, *ast.SetTimeZone:
	default:
		if _, err := a.explained(e.Statement); err != nil {
			return nil, err
		}
	}
	return a.oneValue("Valid", &Literal{Value: true, Typ: types.BooleanType}), nil
}

func (a *analyzer) planText(text string) *Analysis {
	return a.oneValue(PlanColumn, &Literal{Value: text, Typ: types.VarcharType(utf8.RuneCountInString(text))})
}

func (a *analyzer) oneValue(name string, l *Literal) *Analysis {
	s := a.symbol(name, l.Typ)
	return &Analysis{
		Columns: []Column{{Name: name, Type: l.Typ}},
		Output:  []*Symbol{s},
		Root:    &Values{Rows: [][]Expr{{l}}, Out: []*Symbol{s}},
	}
}
