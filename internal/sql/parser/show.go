package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// showRules read the statements after SHOW, by their next word.
var showRules = map[string]func(*parser, ast.Position) ast.Statement{
	"CATALOGS": func(p *parser, pos ast.Position) ast.Statement {
		return &ast.ShowCatalogs{Position: pos, LikePattern: p.likePattern()}
	},
	"SCHEMAS": func(p *parser, pos ast.Position) ast.Statement {
		s := &ast.ShowSchemas{Position: pos}
		if p.takeAny("FROM", "IN") != "" {
			s.From = p.identifier()
		}
		s.LikePattern = p.likePattern()
		return s
	},
	"TABLES": func(p *parser, pos ast.Position) ast.Statement {
		return &ast.ShowTables{Position: pos, From: p.showFrom(), LikePattern: p.likePattern()}
	},
	"COLUMNS": func(p *parser, pos ast.Position) ast.Statement {
		p.needAny("FROM", "IN")
		return &ast.ShowColumns{Position: pos, Table: p.qualifiedName(), LikePattern: p.likePattern()}
	},
	"SESSION": func(p *parser, pos ast.Position) ast.Statement {
		return &ast.ShowSession{Position: pos, LikePattern: p.likePattern()}
	},
	"FUNCTIONS": func(p *parser, pos ast.Position) ast.Statement {
		s := &ast.ShowFunctions{Position: pos, From: p.showFrom()}
		like := p.likePattern()
		s.Like, s.Escape = like.Like, like.Escape
		return s
	},
	"CREATE": (*parser).showCreate,
	"STATS":  (*parser).showStats,
}

func (p *parser) show() ast.Statement {
	pos := p.advance().pos
	if rule, ok := showRules[p.tok().word]; ok {
		p.advance()
		return rule(p, pos)
	}
	for word := range showRules {
		p.want(word)
	}
	p.refuseObject(pos, "SHOW", "CURRENT", "GRANTS", "ROLE", "ROLES")
	return nil
}

// showFrom reads [FROM | IN name].
func (p *parser) showFrom() *ast.QualifiedName {
	if p.takeAny("FROM", "IN") == "" {
		return nil
	}
	return p.qualifiedName()
}

// likePattern reads [LIKE 'pattern' [ESCAPE 'c']].
func (p *parser) likePattern() ast.LikePattern {
	var l ast.LikePattern
	if p.take("LIKE") {
		l.Like = p.str()
		if p.take("ESCAPE") {
			l.Escape = p.str()
		}
	}
	return l
}

func (p *parser) showCreate(pos ast.Position) ast.Statement {
	s := &ast.ShowCreate{Position: pos, Kind: p.needAny("FUNCTION", "MATERIALIZED", "SCHEMA", "TABLE", "VIEW")}
	if s.Kind == "MATERIALIZED" {
		p.need("VIEW")
		s.Kind += " VIEW"
	}
	s.Name = p.qualifiedName()
	return s
}

func (p *parser) showStats(pos ast.Position) ast.Statement {
	p.need("FOR")
	if p.at("(") {
		return &ast.ShowStats{Position: pos, Query: p.parenQuery()}
	}
	return &ast.ShowStats{Position: pos, Table: p.qualifiedName()}
}

// set reads SET SESSION name = value and SET TIME ZONE.
func (p *parser) set() ast.Statement {
	pos := p.pos()
	switch {
	case p.isSeq("SET", "SESSION") && (p.peek(2).word != "AUTHORIZATION" || p.peek(3).word == "=" || p.peek(3).word == "."):
		p.advance()
		p.advance()
		s := &ast.SetSession{Position: pos, Name: p.qualifiedName()}
		p.need("=")
		s.Value = p.expression()
		return s
	case p.isSeq("SET", "TIME", "ZONE"):
		p.advance()
		p.advance()
		p.advance()
		if p.is("LOCAL") && p.peek(1).kind == tokenEnd {
			p.advance()
			return &ast.SetTimeZone{Position: pos}
		}
		return &ast.SetTimeZone{Position: pos, Zone: p.expression()}
	}
	return p.unsupportedStatement()
}

func (p *parser) reset() ast.Statement {
	if !p.isSeq("RESET", "SESSION") || p.peek(2).word == "AUTHORIZATION" && p.peek(3).kind == tokenEnd {
		return p.unsupportedStatement()
	}
	pos := p.advance().pos
	p.advance()
	return &ast.ResetSession{Position: pos, Name: p.qualifiedName()}
}
