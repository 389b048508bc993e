package ast

func (f *formatter) tableFunction(t *TableFunctionInvocation) {
	f.write("TABLE(")
	f.name(t.Name)
	f.write("(")
	join(f, t.Arguments, ", ", f.tableFunctionArgument)
	if t.Copartition != nil {
		f.write(" COPARTITION ")
		join(f, t.Copartition, ", ", func(tables []*QualifiedName) {
			f.write("(")
			join(f, tables, ", ", f.name)
			f.write(")")
		})
	}
	f.write("))")
}

func (f *formatter) tableFunctionArgument(a *TableFunctionArgument) {
	if a.Name != nil {
		f.identifier(a.Name)
		f.write(" => ")
	}
	switch {
	case a.Table != nil:
		f.tableArgument(a.Table)
	case a.Descriptor != nil:
		f.descriptor(a.Descriptor)
	default:
		f.expression(a.Value)
	}
}

func (f *formatter) tableArgument(a *TableArgument) {
	relation := a.Relation
	alias, aliased := relation.(*AliasedRelation)
	if aliased {
		relation = alias.Relation
	}
	f.write("TABLE")
	if _, ok := relation.(*TableSubquery); ok {
		f.relation(relation)
	} else {
		f.parenRelation(relation)
	}
	if aliased {
		f.aliasOf(alias)
	}
	if a.PartitionBy != nil {
		f.write(" PARTITION BY (")
		f.expressions(a.PartitionBy)
		f.write(")")
	}
	if a.WhenEmpty != "" {
		f.write(" ", a.WhenEmpty, " WHEN EMPTY")
	}
	if a.OrderBy != nil {
		f.write(" ORDER BY ")
		f.orderBy("(", a.OrderBy)
		f.write(")")
	}
}

func (f *formatter) descriptor(d *Descriptor) {
	if d.Fields == nil {
		f.write("CAST(NULL AS DESCRIPTOR)")
		return
	}
	f.write("DESCRIPTOR(")
	join(f, d.Fields, ", ", func(field *DescriptorField) {
		f.identifier(field.Name)
		if field.Type != nil {
			f.write(" ")
			f.dataType(field.Type)
		}
	})
	f.write(")")
}
