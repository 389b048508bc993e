package ast

// writing writes a statement that makes data, and says whether s is one.
func (f *formatter) writing(s Statement) bool {
	switch s := s.(type) {
	case *CreateTableAs:
		f.createTableAs(s)
	case *Insert:
		f.write("INSERT INTO ")
		f.name(s.Table.Name)
		if s.Columns != nil {
			f.write(" ")
			f.identifiers(s.Columns)
		}
		f.write(" ")
		f.query(s.Query)
	case *Unload:
		f.write("UNLOAD (")
		f.query(s.Query)
		f.write(") TO ")
		f.str(s.To)
		f.properties(s.Properties)
	default:
		return false
	}
	return true
}

func (f *formatter) createTableAs(s *CreateTableAs) {
	f.write("CREATE ")
	if s.Replace {
		f.write("OR REPLACE ")
	}
	f.write("TABLE ")
	if s.NotExists {
		f.write("IF NOT EXISTS ")
	}
	f.name(s.Name)
	if s.Columns != nil {
		f.write(" ")
		f.identifiers(s.Columns)
	}
	if s.Comment != nil {
		f.write(" COMMENT ")
		f.str(s.Comment)
	}
	f.properties(s.Properties)
	f.write(" AS ")
	f.query(s.Query)
	if s.NoData {
		f.write(" WITH NO DATA")
	}
}

func (f *formatter) properties(properties []*Property) {
	if properties == nil {
		return
	}
	f.write(" WITH (")
	join(f, properties, ", ", func(p *Property) {
		f.identifier(p.Name)
		f.write(" = ")
		if p.Value == nil {
			f.write("DEFAULT")
			return
		}
		f.expression(p.Value)
	})
	f.write(")")
}
