package hive

import (
	"math"
	"strconv"
)

// buckets reads an optional CLUSTERED BY (…) [SORTED BY (…)] INTO n BUCKETS.
func (p *parser) buckets() Buckets {
	b := Buckets{Position: p.pos()}
	if !p.take("CLUSTERED", "BY") {
		return Buckets{}
	}
	b.Columns = inParens(p, p.columnName)
	if p.take("SORTED", "BY") {
		b.Sorted = inParens(p, p.sortedColumn)
	}
	p.need("INTO")
	b.Count = p.count()
	p.need("BUCKETS")
	return b
}

func (p *parser) columnName() ColumnName {
	return ColumnName{Position: p.pos(), Name: p.name()}
}

func (p *parser) sortedColumn() SortedColumn {
	s := SortedColumn{ColumnName: p.columnName()}
	s.Descending = p.takeAny("ASC", "DESC") == "DESC"
	return s
}

// count reads a whole number from 1.
func (p *parser) count() int32 {
	t := p.tok()
	if t.kind != tokenNumber {
		p.want("<number>")
		p.fail()
	}
	n, err := strconv.ParseInt(t.text, 10, 32)
	if err != nil || n < 1 {
		p.errorf(t.pos, "%s is not a number of buckets from 1 to %d", t.text, math.MaxInt32)
	}
	p.advance()
	return int32(n)
}
