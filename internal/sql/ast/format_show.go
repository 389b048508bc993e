package ast

// show writes the statements that show or set something.
func (f *formatter) show(s Statement) {
	switch s := s.(type) {
	case *ShowCatalogs:
		f.write("SHOW CATALOGS")
		f.like(s.LikePattern)
	case *ShowSchemas:
		f.write("SHOW SCHEMAS")
		if s.From != nil {
			f.write(" FROM ")
			f.identifier(s.From)
		}
		f.like(s.LikePattern)
	case *ShowTables:
		f.write("SHOW TABLES")
		if s.From != nil {
			f.write(" FROM ")
			f.name(s.From)
		}
		f.like(s.LikePattern)
	case *ShowColumns:
		f.write("SHOW COLUMNS FROM ")
		f.name(s.Table)
		f.like(s.LikePattern)
	case *ShowSession:
		f.write("SHOW SESSION")
		f.like(s.LikePattern)
	case *ShowCreate:
		f.write("SHOW CREATE ", s.Kind, " ")
		f.name(s.Name)
	case *ShowStats:
		f.write("SHOW STATS FOR ")
		if s.Query != nil {
			f.parenQuery(s.Query)
		} else {
			f.name(s.Table)
		}
	default:
		f.session(s)
	}
}

func (f *formatter) session(s Statement) {
	switch s := s.(type) {
	case *SetSession:
		f.write("SET SESSION ")
		f.name(s.Name)
		f.write(" = ")
		f.expression(s.Value)
	case *ResetSession:
		f.write("RESET SESSION ")
		f.name(s.Name)
	case *SetTimeZone:
		f.write("SET TIME ZONE ")
		if s.Zone == nil {
			f.write("LOCAL")
		} else {
			f.expression(s.Zone)
		}
	}
}

func (f *formatter) like(p LikePattern) {
	if p.Like != nil {
		f.write(" LIKE ")
		f.str(p.Like)
	}
	if p.Escape != nil {
		f.write(" ESCAPE ")
		f.str(p.Escape)
	}
}
