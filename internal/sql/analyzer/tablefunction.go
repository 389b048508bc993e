package analyzer

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// tableFunction is a function that stands in TABLE(…): the names of its
// arguments in order, those that may be left out, and what makes its relation.
type tableFunction struct {
	arguments []string
	optional  []string
	analyze   func(*analyzer, map[string]*ast.TableFunctionArgument, *scope) (plan, error)
}

var tableFunctions map[string]tableFunction

func init() { // the functions refer to the table in turn
	tableFunctions = map[string]tableFunction{
		"sequence":        {[]string{"START", "STOP", "STEP"}, []string{"START", "STEP"}, (*analyzer).sequenceTable},
		"exclude_columns": {[]string{"INPUT", "COLUMNS"}, nil, (*analyzer).excludeColumns},
	}
}

// invocation analyzes TABLE(name(arguments)).
func (a *analyzer) invocation(t *ast.TableFunctionInvocation, outer *scope) (plan, error) {
	name := t.Name.Lower()
	fn, ok := tableFunctions[strings.TrimPrefix(name, "system.builtin.")]
	if !ok {
		return plan{}, a.unknownTableFunction(t.Name)
	}
	args, err := fn.match(t)
	if err != nil {
		return plan{}, err
	}
	if len(t.Copartition) > 0 {
		return plan{}, notSupported(t, "COPARTITION is not supported")
	}
	return fn.analyze(a, args, outer)
}

// unknownTableFunction is the error of a name that no table function has.
func (a *analyzer) unknownTableFunction(name *ast.QualifiedName) error {
	switch parts := name.Parts; {
	case len(parts) > 3:
		return errorAt(nowhere{}, "FUNCTION_NOT_FOUND", "Invalid function name: %s", name.Lower())
	case len(parts) == 3 && parts[0].Lower() != "system" && parts[0].Lower() != a.opts.CatalogName:
		return errorAt(name, "CATALOG_NOT_FOUND", "Catalog '%s' does not exist", parts[0].Lower())
	}
	return errorAt(name, "FUNCTION_NOT_FOUND", "Table function '%s' not registered", name.Lower())
}

// match gives the arguments their names.
func (fn tableFunction) match(t *ast.TableFunctionInvocation) (map[string]*ast.TableFunctionArgument, error) {
	var at ast.Node = t.Name
	if len(t.Arguments) > 0 {
		at = t.Arguments[0]
	}
	if len(t.Arguments) > len(fn.arguments) {
		return nil, errorAt(at, "INVALID_ARGUMENTS", "Too many arguments. Expected at most %d arguments, got %d arguments", len(fn.arguments), len(t.Arguments))
	}
	out := map[string]*ast.TableFunctionArgument{}
	for i, arg := range t.Arguments {
		if (arg.Name == nil) != (t.Arguments[0].Name == nil) {
			return nil, errorAt(at, "INVALID_ARGUMENTS", "All arguments must be passed by name or all must be passed positionally")
		}
		if arg.Name == nil {
			out[fn.arguments[i]] = arg
		}
	}
	for _, arg := range t.Arguments {
		if arg.Name == nil {
			continue
		}
		name := canonical(arg.Name)
		if out[name] != nil {
			return nil, errorAt(arg, "INVALID_FUNCTION_ARGUMENT", "Duplicate argument name: %s", name)
		}
		if !slices.Contains(fn.arguments, name) {
			return nil, errorAt(arg, "INVALID_FUNCTION_ARGUMENT", "Unexpected argument name: %s", name)
		}
		out[name] = arg
	}
	for _, name := range fn.arguments {
		if out[name] == nil && !slices.Contains(fn.optional, name) {
			return nil, errorAt(at, "MISSING_ARGUMENT", "Missing argument: %s", name)
		}
	}
	return out, nil
}

// wrongArgument is the error of an argument of another kind than wanted.
func wrongArgument(arg *ast.TableFunctionArgument, name, want string) error {
	have := "expression"
	switch {
	case arg.Table != nil:
		have = "table"
	case arg.Descriptor != nil:
		have = "descriptor"
	}
	return errorAt(arg, "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Expected %s, got %s", name, want, have)
}

// sequenceTable is sequence(start, stop, step): a row for each number.
func (a *analyzer) sequenceTable(args map[string]*ast.TableFunctionArgument, _ *scope) (plan, error) {
	s := &Series{Step: 1}
	for _, p := range []struct {
		name, word string
		to         *int64
	}{{"START", "Start", &s.Start}, {"STOP", "Stop", &s.Stop}, {"STEP", "Step", &s.Step}} {
		arg := args[p.name]
		if arg == nil {
			continue
		}
		v, err := a.scalarArgument(arg, p.name)
		if err != nil {
			return plan{}, err
		}
		n, ok := v.(int64)
		if !ok {
			return plan{}, invalidArgument("%s is null", p.word)
		}
		*p.to = n
	}
	if s.Start < s.Stop && s.Step <= 0 {
		return plan{}, invalidArgument("Step must be positive for sequence [%d, %d]", s.Start, s.Stop)
	}
	if s.Start > s.Stop && s.Step >= 0 {
		return plan{}, invalidArgument("Step must be negative for sequence [%d, %d]", s.Start, s.Stop)
	}
	if s.Start == s.Stop {
		s.Step = 1
	}
	s.Column = a.symbol("sequential_number", types.BigIntType)
	return plan{rel: s, fields: []field{{name: "sequential_number", expr: &Ref{s.Column}}}}, nil
}

// invalidArgument is an error that a table function itself finds: without a
// place, as in Trino.
func invalidArgument(format string, args ...any) error {
	return errorAt(ast.Position{}, "INVALID_FUNCTION_ARGUMENT", format, args...)
}

// scalarArgument computes a constant argument of type bigint.
func (a *analyzer) scalarArgument(arg *ast.TableFunctionArgument, name string) (any, error) {
	if arg.Value == nil {
		return nil, wrongArgument(arg, name, "expression")
	}
	x, err := a.expr(arg.Value, &env{scope: &scope{}, clause: "table function argument"})
	if err != nil {
		return nil, err
	}
	if anywhereQuery(x) {
		return nil, errorAt(arg.Value, "EXPRESSION_NOT_CONSTANT", "Constant expression cannot contain a subquery")
	}
	if !types.CanCoerce(x.Type(), types.BigIntType) {
		return nil, typeMismatch(arg.Value, "Cannot cast type %s to bigint", x.Type())
	}
	v, ok := constantValue(x, types.BigIntType)
	if !ok {
		return nil, notSupported(arg.Value, "The argument %s must be a number: %s", name, ast.Format(arg.Value))
	}
	return v, nil
}

// excludeColumns is exclude_columns(input, columns): a table without some of
// its columns.
func (a *analyzer) excludeColumns(args map[string]*ast.TableFunctionArgument, outer *scope) (plan, error) {
	input, columns := args["INPUT"], args["COLUMNS"]
	if input.Table == nil {
		return plan{}, wrongArgument(input, "INPUT", "table")
	}
	if err := rowSemantics(input); err != nil {
		return plan{}, err
	}
	p, err := a.relation(input.Table.Relation, outer)
	if err != nil {
		return plan{}, err
	}
	if columns.Descriptor == nil {
		return plan{}, wrongArgument(columns, "COLUMNS", "descriptor")
	}
	return p.without(columns.Descriptor)
}

// rowSemantics refuses clauses that only a table argument with set semantics
// may have.
func rowSemantics(arg *ast.TableFunctionArgument) error {
	what := ""
	switch {
	case arg.Table.PartitionBy != nil:
		what = "Partitioning"
	case arg.Table.OrderBy != nil:
		what = "Ordering"
	case arg.Table.WhenEmpty != "":
		what = "Empty behavior"
	default:
		return nil
	}
	return errorAt(arg, "INVALID_FUNCTION_ARGUMENT", "Invalid argument INPUT. %s specified for table argument with row semantics", what)
}

// without leaves out the columns of a descriptor.
func (p plan) without(d *ast.Descriptor) (plan, error) {
	if d.Fields == nil {
		return plan{}, invalidArgument("COLUMNS descriptor is null")
	}
	var names []string
	for _, f := range d.Fields {
		if f.Type != nil {
			return plan{}, invalidArgument("COLUMNS descriptor contains types")
		}
		if name := f.Name.Lower(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	missing := slices.Clone(names)
	out := plan{rel: p.rel}
	for _, f := range visible(p.fields) {
		name := strings.ToLower(f.name)
		if f.name != "" && slices.Contains(names, name) {
			missing = slices.DeleteFunc(missing, func(s string) bool { return s == name })
			continue
		}
		f.origin = nil
		out.fields = append(out.fields, f)
	}
	if len(missing) > 0 {
		return plan{}, invalidArgument("Excluded columns: [%s] not present in the table", strings.Join(missing, ", "))
	}
	if len(out.fields) == 0 {
		return plan{}, invalidArgument("All columns are excluded")
	}
	return out, nil
}
