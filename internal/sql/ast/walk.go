package ast

// Walk calls visit for node and everything below it, in the order of the text
// as far as the tree keeps it. Where visit returns false what is below is
// left out. After the children of a node, visit is called with nil.
//
// Identifiers that are names (aliases, fields, arguments of a lambda), types
// and the parts of qualified names are not visited; identifiers that are
// expressions are.
func Walk(node Node, visit func(Node) bool) {
	if !visit(node) {
		return
	}
	w := walker{visit}
	switch n := node.(type) {
	case Statement:
		w.statement(n)
	case Relation: // before QueryBody: a few are both
		w.relation(n)
	case QueryBody:
		w.queryBody(n)
	case Expression:
		w.expression(n)
	default:
		w.part(n)
	}
	visit(nil)
}

// walker goes to the children of one node.
type walker struct{ visit func(Node) bool }

func (w walker) node(n Node) { Walk(n, w.visit) }

func (w walker) optional(e Expression) {
	if e != nil {
		w.node(e)
	}
}

func (w walker) expressions(es []Expression) { walkAll(w, es) }

func walkAll[N Node](w walker, nodes []N) {
	for _, n := range nodes {
		w.node(n)
	}
}

func (w walker) query(q *Query) {
	if q != nil {
		w.node(q)
	}
}

func (w walker) statement(s Statement) {
	switch s := s.(type) {
	case *Query:
		if s.With != nil {
			w.node(s.With)
		}
		w.node(s.Body)
		walkAll(w, s.OrderBy)
		if s.Offset != nil {
			w.node(s.Offset)
		}
		if s.Limit != nil {
			w.node(s.Limit)
		}
	case *Explain:
		w.node(s.Statement)
	case *Prepare:
		w.node(s.Statement)
	case *Execute:
		w.expressions(s.Parameters)
	case *ExecuteImmediate:
		w.node(s.Statement)
		w.expressions(s.Parameters)
	case *CreateView:
		w.node(s.Query)
	case *CreateTableAs:
		walkAll(w, s.Properties)
		w.node(s.Query)
	case *Insert:
		w.node(s.Query)
	case *Unload:
		w.node(s.Query)
		walkAll(w, s.Properties)
	case *Delete, *Update, *Merge, *Optimize:
		w.modification(s)
	case *ShowStats:
		w.query(s.Query)
	case *SetSession:
		w.node(s.Value)
	case *SetTimeZone:
		w.optional(s.Zone)
	}
}

func (w walker) queryBody(b QueryBody) {
	switch b := b.(type) {
	case *QuerySpecification:
		w.node(b.Select)
		if b.From != nil {
			w.node(b.From)
		}
		w.optional(b.Where)
		if b.GroupBy != nil {
			w.node(b.GroupBy)
		}
		w.optional(b.Having)
		walkAll(w, b.Windows)
	case *SetOperation:
		w.node(b.Left)
		w.node(b.Right)
	case *Values:
		w.expressions(b.Rows)
	}
}

func (w walker) relation(r Relation) {
	switch r := r.(type) {
	case *Table:
		if r.Version != nil {
			w.node(r.Version)
		}
	case *AliasedRelation:
		w.node(r.Relation)
	case *TableSubquery:
		w.query(r.Query)
	case *Lateral:
		w.query(r.Query)
	case *Unnest:
		w.expressions(r.Expressions)
	case *SampledRelation:
		w.node(r.Relation)
		w.node(r.Percentage)
	case *Join:
		w.node(r.Left)
		w.node(r.Right)
		w.optional(r.On)
	case *JSONTable:
		w.node(r.Path)
		walkAll(w, r.Columns)
	case *TableFunctionInvocation:
		walkAll(w, r.Arguments)
	case *PatternRecognition:
		w.node(r.Input)
		w.expressions(r.PartitionBy)
		walkAll(w, r.OrderBy)
		w.clauses(&r.PatternClauses)
	}
}

// part goes to the children of what is none of the larger kinds.
func (w walker) part(n Node) {
	switch n := n.(type) {
	case *Property:
		w.optional(n.Value)
	case *Assignment:
		w.node(n.Value)
	case *MergeCase:
		w.optional(n.Condition)
		w.expressions(n.Values)
	case *With:
		walkAll(w, n.Queries)
	case *WithQuery:
		w.query(n.Query)
	case *Select:
		walkAll(w, n.Items)
	case *SingleColumn:
		w.node(n.Expression)
	case *AllColumns:
		w.optional(n.Target)
	case *GroupBy:
		walkAll(w, n.Elements)
	case *GroupingElement:
		for _, set := range n.Sets {
			w.expressions(set)
		}
	case *SortItem:
		w.node(n.Key)
	case *Offset:
		w.node(n.RowCount)
	case *Limit:
		w.optional(n.RowCount)
	case *WindowDefinition:
		w.node(n.Spec)
	case *WindowSpec:
		w.expressions(n.PartitionBy)
		walkAll(w, n.OrderBy)
		if n.Frame != nil {
			w.node(n.Frame)
		}
	case *WindowFrame:
		if n.Recognition != nil {
			walkAll(w, n.Recognition.Measures)
		}
		w.node(n.Start)
		if n.End != nil {
			w.node(n.End)
		}
		if n.Recognition != nil {
			walkAll(w, n.Recognition.Defines)
		}
	case *Measure:
		w.node(n.Expression)
	case *VariableDefinition:
		w.node(n.Condition)
	case *TableFunctionArgument:
		w.optional(n.Value)
		if n.Table != nil {
			w.node(n.Table)
		}
	case *TableArgument:
		w.node(n.Relation)
		w.expressions(n.PartitionBy)
		walkAll(w, n.OrderBy)
	case *FrameBound:
		w.optional(n.Value)
	case *TableVersion:
		w.node(n.AsOf)
	case *WhenClause:
		w.node(n.Operand)
		w.node(n.Result)
	case *Over:
		if n.Spec != nil {
			w.node(n.Spec)
		}
	default:
		w.jsonPart(n)
	}
}

func (w walker) expression(e Expression) {
	switch e := e.(type) {
	case *Dereference:
		w.node(e.Base)
	case *Comparison:
		w.node(e.Left)
		w.node(e.Right)
	case *QuantifiedComparison:
		w.node(e.Left)
		w.query(e.Query)
	case *Logical:
		w.expressions(e.Terms)
	case *Not:
		w.node(e.Value)
	case *Between:
		w.expressions([]Expression{e.Value, e.Min, e.Max})
	case *In:
		w.node(e.Value)
		w.expressions(e.List)
		w.query(e.Query)
	case *Like:
		w.node(e.Value)
		w.node(e.Pattern)
		w.optional(e.Escape)
	case *IsNull:
		w.node(e.Value)
	case *IsNotNull:
		w.node(e.Value)
	case *Exists:
		w.query(e.Query)
	case *SubqueryExpression:
		w.query(e.Query)
	case *ArithmeticBinary:
		w.node(e.Left)
		w.node(e.Right)
	case *ArithmeticUnary:
		w.node(e.Value)
	case *AtTimeZone:
		w.node(e.Value)
		w.node(e.Zone)
	case *Cast:
		w.node(e.Value)
	case *Subscript:
		w.node(e.Base)
		w.node(e.Index)
	case *Array:
		w.expressions(e.Values)
	case *Row:
		w.expressions(e.Items)
	case *Lambda:
		w.node(e.Body)
	case *Extract:
		w.node(e.Value)
	default:
		w.call(e)
	}
}

// call goes to the children of CASE, of calls and of what looks like a call.
func (w walker) call(e Expression) {
	switch e := e.(type) {
	case *SimpleCase:
		w.node(e.Operand)
		walkAll(w, e.Whens)
		w.optional(e.Default)
	case *SearchedCase:
		walkAll(w, e.Whens)
		w.optional(e.Default)
	case *Trim:
		w.optional(e.Characters)
		w.node(e.Value)
	case *Current:
		w.optional(e.Precision)
	case *Grouping:
		w.expressions(e.Columns)
	case *FunctionCall:
		w.expressions(e.Arguments)
		walkAll(w, e.OrderBy)
		w.optional(e.Filter)
		if e.Over != nil {
			w.node(e.Over)
		}
	case *ListAgg:
		w.node(e.Value)
		walkAll(w, e.OrderBy)
		w.optional(e.Filter)
	case *WindowOperation:
		w.node(e.Over)
	default:
		w.json(e)
	}
}
