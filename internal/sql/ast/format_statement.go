package ast

func (f *formatter) statement(s Statement) {
	switch s := s.(type) {
	case *Query:
		f.query(s)
	case *Explain:
		f.explain(s)
	case *Prepare:
		f.write("PREPARE ")
		f.identifier(s.Name)
		f.write(" FROM ")
		f.statement(s.Statement)
	case *Execute:
		f.write("EXECUTE ")
		f.identifier(s.Name)
		f.using(s.Parameters)
	case *ExecuteImmediate:
		f.write("EXECUTE IMMEDIATE ")
		f.str(s.Text)
		f.using(s.Parameters)
	case *Deallocate:
		f.write("DEALLOCATE PREPARE ")
		f.identifier(s.Name)
	case *DescribeInput:
		f.write("DESCRIBE INPUT ")
		f.identifier(s.Name)
	case *DescribeOutput:
		f.write("DESCRIBE OUTPUT ")
		f.identifier(s.Name)
	case *Use:
		f.write("USE ")
		if s.Catalog != nil {
			f.identifier(s.Catalog)
			f.write(".")
		}
		f.identifier(s.Schema)
	default:
		f.viewStatement(s)
	}
}

func (f *formatter) explain(s *Explain) {
	f.write("EXPLAIN ")
	if s.Analyze {
		f.write("ANALYZE ")
	}
	if s.Verbose {
		f.write("VERBOSE ")
	}
	var options []string
	if s.Format != "" {
		options = append(options, "FORMAT "+s.Format)
	}
	if s.Type != "" {
		options = append(options, "TYPE "+s.Type)
	}
	if options != nil {
		f.write("(")
		join(f, options, ", ", func(o string) { f.write(o) })
		f.write(") ")
	}
	f.statement(s.Statement)
}

func (f *formatter) using(parameters []Expression) {
	if parameters != nil {
		f.write(" USING ")
		f.expressions(parameters)
	}
}

func (f *formatter) viewStatement(s Statement) {
	switch s := s.(type) {
	case *CreateView:
		f.write("CREATE ")
		if s.Replace {
			f.write("OR REPLACE ")
		}
		f.write("VIEW ")
		f.name(s.Name)
		if s.Comment != nil {
			f.write(" COMMENT ")
			f.str(s.Comment)
		}
		if s.Security != "" {
			f.write(" SECURITY ", s.Security)
		}
		f.write(" AS ")
		f.query(s.Query)
	case *DropView:
		f.write("DROP VIEW ")
		if s.Exists {
			f.write("IF EXISTS ")
		}
		f.name(s.Name)
	case *ShowFunctions:
		f.write("SHOW FUNCTIONS")
		if s.From != nil {
			f.write(" FROM ")
			f.name(s.From)
		}
		f.like(LikePattern{Like: s.Like, Escape: s.Escape})
	default:
		if !f.writing(s) && !f.modification(s) {
			f.show(s)
		}
	}
}
