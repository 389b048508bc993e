package ast

// json writes the JSON functions.
func (f *formatter) json(e Expression) {
	switch e := e.(type) {
	case *JSONExists:
		f.write("JSON_EXISTS(")
		f.jsonPath(e.Path)
		f.jsonOn(string(e.OnError), "ERROR")
		f.write(")")
	case *JSONValue:
		f.write("JSON_VALUE(")
		f.jsonPath(e.Path)
		f.jsonReturning(e.Returning, NoJSONFormat)
		f.jsonValueOn(e.OnEmpty, "EMPTY")
		f.jsonValueOn(e.OnError, "ERROR")
		f.write(")")
	case *JSONQuery:
		f.write("JSON_QUERY(")
		f.jsonPath(e.Path)
		f.jsonReturning(e.Returning, e.Format)
		f.jsonQueryOptions(e.Wrapper, e.Quotes)
		f.jsonOn(string(e.OnEmpty), "EMPTY")
		f.jsonOn(string(e.OnError), "ERROR")
		f.write(")")
	case *JSONObject:
		f.jsonObject(e)
	case *JSONArray:
		f.write("JSON_ARRAY(")
		join(f, e.Elements, ", ", f.jsonInput)
		f.jsonOn(string(e.Nulls), "NULL")
		f.jsonReturning(e.Returning, e.Format)
		f.write(")")
	}
}

func (f *formatter) jsonObject(e *JSONObject) {
	f.write("JSON_OBJECT(")
	join(f, e.Members, ", ", func(m *JSONObjectMember) {
		f.write("KEY ")
		f.expression(m.Key)
		f.write(" VALUE ")
		f.jsonInput(m.Value)
	})
	f.jsonOn(string(e.Nulls), "NULL")
	if e.UniqueKeys {
		f.write(" WITH UNIQUE KEYS")
	}
	f.jsonReturning(e.Returning, e.Format)
	f.write(")")
}

func (f *formatter) jsonInput(i *JSONInput) {
	f.expression(i.Value)
	f.jsonFormat(i.Format)
}

func (f *formatter) jsonFormat(format JSONFormat) {
	switch format {
	case NoJSONFormat:
	case JSONText:
		f.write(" FORMAT JSON")
	default:
		f.write(" FORMAT JSON ENCODING ", string(format))
	}
}

func (f *formatter) jsonPath(p *JSONPathInvocation) {
	f.jsonInput(p.Input)
	f.write(", ")
	f.str(p.Path)
	if p.Name != nil {
		f.write(" AS ")
		f.identifier(p.Name)
	}
	if p.Passing == nil {
		return
	}
	f.write(" PASSING ")
	join(f, p.Passing, ", ", func(a *JSONArgument) {
		f.jsonInput(a.Input)
		f.write(" AS ")
		f.identifier(a.Name)
	})
}

// jsonOn writes a behavior ON EMPTY, ON ERROR or ON NULL, if there is one.
func (f *formatter) jsonOn(behavior, on string) {
	if behavior != "" {
		f.write(" ", behavior, " ON ", on)
	}
}

func (f *formatter) jsonValueOn(b JSONValueBehavior, on string) {
	if b.Kind != JSONDefault {
		f.jsonOn(string(b.Kind), on)
		return
	}
	f.write(" DEFAULT ")
	f.expression(b.Default)
	f.write(" ON ", on)
}

func (f *formatter) jsonReturning(t *DataType, format JSONFormat) {
	if t != nil {
		f.write(" RETURNING ")
		f.dataType(t)
		f.jsonFormat(format)
	}
}

func (f *formatter) jsonQueryOptions(wrapper JSONWrapper, quotes JSONQuotes) {
	switch wrapper {
	case JSONWrapperUnspecified:
	case JSONWithoutWrapper:
		f.write(" WITHOUT ARRAY WRAPPER")
	default:
		f.write(" WITH ", string(wrapper), " ARRAY WRAPPER")
	}
	if quotes != JSONQuotesUnspecified {
		f.write(" ", string(quotes), " QUOTES")
	}
}

func (f *formatter) jsonTable(t *JSONTable) {
	f.write("JSON_TABLE(")
	f.jsonPath(t.Path)
	f.jsonColumns(t.Columns)
	if t.Plan != nil {
		f.write(" PLAN ")
		if t.Plan.Kind == JSONDefaultPlan {
			f.write("DEFAULT ")
		}
		f.write("(")
		f.jsonPlan(t.Plan)
		f.write(")")
	}
	switch t.OnError {
	case JSONError:
		f.write(" ERROR ON ERROR")
	case JSONEmptyArray:
		f.write(" EMPTY ON ERROR")
	}
	f.write(")")
}

func (f *formatter) jsonColumns(columns []*JSONTableColumn) {
	f.write(" COLUMNS (")
	join(f, columns, ", ", f.jsonColumn)
	f.write(")")
}

func (f *formatter) jsonColumn(c *JSONTableColumn) {
	if c.Kind == JSONNestedColumns {
		f.write("NESTED PATH ")
		f.str(c.Path)
		if c.Name != nil {
			f.write(" AS ")
			f.identifier(c.Name)
		}
		f.jsonColumns(c.Columns)
		return
	}
	f.identifier(c.Name)
	if c.Kind == JSONOrdinalityColumn {
		f.write(" FOR ORDINALITY")
		return
	}
	f.write(" ")
	f.dataType(c.Type)
	f.jsonFormat(c.Format)
	if c.Path != nil {
		f.write(" PATH ")
		f.str(c.Path)
	}
	f.jsonQueryOptions(c.Wrapper, c.Quotes)
	f.jsonValueOn(c.ValueOnEmpty, "EMPTY")
	f.jsonValueOn(c.ValueOnError, "ERROR")
	f.jsonOn(string(c.QueryOnEmpty), "EMPTY")
	f.jsonOn(string(c.QueryOnError), "ERROR")
}

func (f *formatter) jsonPlan(p *JSONTablePlan) {
	switch p.Kind {
	case JSONDefaultPlan:
		first, second := p.ParentChild, p.Siblings
		if first == "" {
			first, second = second, ""
		}
		f.write(first)
		if second != "" {
			f.write(", ", second)
		}
	case JSONLeafPlan:
		f.identifier(p.Name)
	case JSONOuterPlan, JSONInnerPlan:
		f.identifier(p.Name)
		f.write(" ", string(p.Kind), " ")
		f.jsonPlanOperand(p.Children[0])
	default:
		join(f, p.Children, " "+string(p.Kind)+" ", f.jsonPlanOperand)
	}
}

func (f *formatter) jsonPlanOperand(p *JSONTablePlan) {
	if p.Kind == JSONLeafPlan {
		f.identifier(p.Name)
		return
	}
	f.write("(")
	f.jsonPlan(p)
	f.write(")")
}
