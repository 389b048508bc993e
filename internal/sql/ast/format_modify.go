package ast

// modification writes a statement that changes a table, and says whether s is
// one.
func (f *formatter) modification(s Statement) bool {
	switch s := s.(type) {
	case *Delete:
		f.write("DELETE FROM ")
		f.name(s.Table.Name)
		f.where(s.Where)
	case *Update:
		f.write("UPDATE ")
		f.name(s.Table.Name)
		f.write(" SET ")
		join(f, s.Assignments, ", ", func(a *Assignment) { f.assignment(a.Name, a.Value) })
		f.where(s.Where)
	case *Merge:
		f.merge(s)
	case *Optimize:
		f.write("OPTIMIZE ")
		f.name(s.Table.Name)
		f.write(" REWRITE DATA USING BIN_PACK")
		f.where(s.Where)
	case *Vacuum:
		f.write("VACUUM ")
		f.name(s.Table.Name)
	default:
		return false
	}
	return true
}

func (f *formatter) where(e Expression) {
	if e != nil {
		f.write(" WHERE ")
		f.expression(e)
	}
}

func (f *formatter) assignment(name *Identifier, value Expression) {
	f.identifier(name)
	f.write(" = ")
	f.expression(value)
}

func (f *formatter) merge(s *Merge) {
	f.write("MERGE INTO ")
	f.name(s.Table.Name)
	if s.Alias != nil {
		f.write(" AS ")
		f.identifier(s.Alias)
	}
	f.write(" USING ")
	f.relation(s.Source)
	f.write(" ON ")
	f.expression(s.On)
	for _, c := range s.Cases {
		f.mergeCase(c)
	}
}

func (f *formatter) mergeCase(c *MergeCase) {
	f.write(" WHEN ")
	if c.Action == MergeInsert {
		f.write("NOT ")
	}
	f.write("MATCHED")
	if c.Condition != nil {
		f.write(" AND ")
		f.expression(c.Condition)
	}
	f.write(" THEN " + string(c.Action))
	switch c.Action {
	case MergeUpdate:
		f.write(" SET ")
		for i, name := range c.Columns {
			if i > 0 {
				f.write(", ")
			}
			f.assignment(name, c.Values[i])
		}
	case MergeInsert:
		if c.Columns != nil {
			f.write(" ")
			f.identifiers(c.Columns)
		}
		f.write(" VALUES (")
		f.expressions(c.Values)
		f.write(")")
	}
}
