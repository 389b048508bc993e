package ast

// json goes to the children of a JSON function.
func (w walker) json(e Expression) {
	switch e := e.(type) {
	case *JSONExists:
		w.node(e.Path)
	case *JSONValue:
		w.node(e.Path)
		w.optional(e.OnEmpty.Default)
		w.optional(e.OnError.Default)
	case *JSONQuery:
		w.node(e.Path)
	case *JSONObject:
		walkAll(w, e.Members)
	case *JSONArray:
		walkAll(w, e.Elements)
	}
}

// jsonPart goes to the children of the parts of JSON functions.
func (w walker) jsonPart(n Node) {
	switch n := n.(type) {
	case *JSONPathInvocation:
		w.node(n.Input)
		walkAll(w, n.Passing)
	case *JSONArgument:
		w.node(n.Input)
	case *JSONInput:
		w.node(n.Value)
	case *JSONObjectMember:
		w.node(n.Key)
		w.node(n.Value)
	case *JSONTableColumn:
		w.optional(n.ValueOnEmpty.Default)
		w.optional(n.ValueOnError.Default)
		walkAll(w, n.Columns)
	}
}

// clauses goes to the expressions of row pattern recognition.
func (w walker) clauses(c *PatternClauses) {
	walkAll(w, c.Measures)
	walkAll(w, c.Defines)
}
