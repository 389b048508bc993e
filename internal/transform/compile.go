package transform

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	emitter "github.com/scopsdb/scops/internal/sql/duckdb"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Compiler compiles transforms for an engine.
type Compiler struct{ Engine *duckdb.Engine }

var _ delivery.Transforms = (*Compiler)(nil)

// Names of the hidden columns of batch, beside those of delivered tables.
const (
	bodyColumn = "$body" // the event as it was sent
	rowColumn  = "$row"  // the row's place in the batch
)

// Compile implements delivery.Transforms.
func (c *Compiler) Compile(ctx context.Context, spec delivery.TransformSpec) (delivery.Transform, error) {
	b, err := newBuilder(ctx, spec)
	if err != nil {
		return nil, err
	}
	text, err := b.statement()
	if err != nil {
		return nil, err
	}
	a, err := b.analyze(text, time.Time{})
	if err != nil {
		return nil, err
	}
	t := &transform{engine: c.Engine, analysis: a, columns: b.batch, keys: b.keys}
	if err := t.outputs(b); err != nil {
		return nil, err
	}
	first, err := t.take(ctx) // that DuckDB takes it is seen at start
	if err != nil {
		return nil, err
	}
	t.give(first)
	return t, nil
}

// builder puts the parts of a transform together.
type builder struct {
	ctx    context.Context
	spec   delivery.TransformSpec
	table  *catalog.Table
	batch  []formats.Column
	result []catalog.Column // columns, then keys
	keys   map[string]bool  // that are given

	items []item // of the inner query
	inner *ast.Query
}

// item is a result with its name in the inner query.
type item struct {
	field string // of the configuration
	name  string // in the inner query
	place int    // of the result
	typ   types.Type
}

func newBuilder(ctx context.Context, spec delivery.TransformSpec) (*builder, error) {
	b := &builder{
		ctx: ctx, spec: spec, keys: map[string]bool{}, result: slices.Concat(spec.Columns, spec.Keys),
		table: &catalog.Table{Database: tableName, Name: tableName, Columns: spec.Batch},
	}
	for i, c := range slices.Concat(spec.Batch, hiddenColumns()) {
		t, err := formats.ParseType(c.Type)
		if err != nil {
			return nil, fmt.Errorf("fields: %s: %w", c.Name, err)
		}
		b.batch = append(b.batch, formats.Column{Name: c.Name, Type: t, Index: i})
	}
	return b, nil
}

// hiddenColumns of batch, in the order in which rows carry them.
func hiddenColumns() []catalog.Column {
	return append(catalog.DeliveredColumns(), catalog.Column{Name: bodyColumn, Type: "string"}, catalog.Column{Name: rowColumn, Type: "bigint"})
}

// statement checks the parts, each by itself so that places in errors are of
// its own text, and writes them as one query.
func (b *builder) statement() (string, error) {
	if err := b.selected(); err != nil {
		return "", fmt.Errorf("transform: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(b.spec.Partition)) {
		if err := b.expression(key, b.spec.Partition[key]); err != nil {
			return "", fmt.Errorf("partition: %s: %w", key, err)
		}
	}
	if err := b.fieldKeys(); err != nil {
		return "", err
	}
	b.add(&ast.Identifier{Value: rowColumn, Quoted: true}, rowColumn)
	list := make([]string, 0, len(b.items)+1)
	for _, it := range b.items {
		e, err := assignment(quote(it.name), it.typ, b.result[it.place])
		if err != nil {
			return "", fmt.Errorf("%s: %w", it.field, err)
		}
		list = append(list, e)
	}
	list = append(list, quote(rowColumn))
	return "SELECT " + strings.Join(list, ", ") + " FROM (" + ast.Format(b.inner) + ")", nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// selected checks what SELECT gives.
func (b *builder) selected() error {
	text := b.spec.Select
	if text == "" {
		var names []string
		for _, c := range b.spec.Columns {
			if slices.ContainsFunc(b.spec.Batch, func(o catalog.Column) bool { return o.Name == c.Name }) {
				names = append(names, quote(c.Name))
			}
		}
		text = "SELECT " + strings.Join(names, ", ") + " FROM " + tableName
	}
	stmt, err := parser.ParseStatement(text)
	if err != nil {
		return err
	}
	q, ok := stmt.(*ast.Query)
	if !ok {
		return ast.Errorf(notSupported, stmt.Pos(), "a transform is a SELECT")
	}
	spec, err := checkQuery(q)
	if err != nil {
		return err
	}
	if err := checkExpressions(spec.Select); err != nil {
		return err
	}
	if spec.Where != nil {
		if err := checkExpressions(spec.Where); err != nil {
			return err
		}
	}
	b.inner = q
	a, err := b.analyzed(text)
	if err != nil {
		return err
	}
	return b.match(a.Columns)
}

// match finds the place of each column of SELECT by its name.
func (b *builder) match(columns []analyzer.Column) error {
	seen := map[string]bool{}
	for i, c := range columns {
		name := strings.ToLower(c.Name)
		place := slices.IndexFunc(b.result, func(r catalog.Column) bool { return r.Name == name })
		switch {
		case place < 0:
			return fmt.Errorf("column %d of the result, %s, is no column of the table: give it the name of one, with AS", i+1, c.Name)
		case seen[name]:
			return fmt.Errorf("column %s is in the result twice", c.Name)
		}
		seen[name] = true
		if place >= len(b.spec.Columns) {
			if _, given := b.spec.Partition[name]; given {
				continue // the expression goes before
			}
			b.keys[name] = true
		}
		b.items = append(b.items, item{"transform", c.Name, place, c.Type})
	}
	return nil
}

// expression adds a partition expression.
func (b *builder) expression(key, text string) error {
	place := slices.IndexFunc(b.spec.Keys, func(c catalog.Column) bool { return c.Name == key })
	if place < 0 {
		return errors.New("it is no partition key of the table")
	}
	e, err := parser.ParseExpression(text)
	if err != nil {
		return err
	}
	if err := checkExpressions(e); err != nil {
		return err
	}
	// The places of an expression are those of its own text, so it is analyzed
	// as a tree.
	a, err := b.analyzeTree(&ast.Query{Body: &ast.QuerySpecification{
		Select: &ast.Select{Items: []ast.SelectItem{&ast.SingleColumn{Position: e.Pos(), Expression: e}}},
		From:   b.from(),
	}}, time.Time{})
	if err != nil {
		return err
	}
	b.addKey(key, place, e, a.Columns[0].Type)
	return nil
}

// fieldKeys adds the keys that batch gives.
func (b *builder) fieldKeys() error {
	for _, key := range b.spec.FieldKeys {
		_, given := b.spec.Partition[key]
		if given || b.keys[key] {
			continue
		}
		at := slices.IndexFunc(b.spec.Batch, func(c catalog.Column) bool { return c.Name == key })
		if at < 0 {
			return fmt.Errorf("partition key %s: neither transform, nor partition, nor fields gives it", key)
		}
		t, err := types.FromHive(b.spec.Batch[at].Type)
		if err != nil {
			return err
		}
		place := slices.IndexFunc(b.spec.Keys, func(c catalog.Column) bool { return c.Name == key })
		b.addKey(key, place, &ast.Identifier{Value: key, Quoted: true}, t)
	}
	return nil
}

func (b *builder) addKey(key string, place int, e ast.Expression, t types.Type) {
	name := "$key " + key
	b.add(e, name)
	b.keys[key] = true
	b.items = append(b.items, item{"partition: " + key, name, len(b.spec.Columns) + place, t})
}

// add adds a column to the inner query.
func (b *builder) add(e ast.Expression, name string) {
	s := b.inner.Body.(*ast.QuerySpecification).Select
	s.Items = append(s.Items, &ast.SingleColumn{Expression: e, Alias: &ast.Identifier{Value: name, Quoted: true}})
}

func (b *builder) from() ast.Relation {
	return &ast.Table{Name: &ast.QualifiedName{Parts: []*ast.Identifier{{Value: tableName}}}}
}

// analyzed analyzes a text and makes sure that it does not depend on when.
func (b *builder) analyzed(text string) (*analyzer.Analysis, error) {
	a, err := b.analyze(text, time.Time{})
	if err != nil {
		return nil, err
	}
	later, err := b.analyze(text, time.Date(2021, 2, 3, 4, 5, 6, 789, time.UTC))
	if err != nil {
		return nil, err
	}
	one, err := emitted(a)
	if err != nil {
		return nil, err
	}
	two, err := emitted(later)
	if err != nil {
		return nil, err
	}
	if one != two {
		return nil, ast.Errorf(notSupported, ast.Position{Line: 1, Column: 1}, "the result depends on when it is computed, which is not supported in a transform")
	}
	return a, nil
}

func emitted(a *analyzer.Analysis) (string, error) {
	return emitter.Emit(a, func(int, *analyzer.TableScan) string { return tableName })
}

func (b *builder) analyze(text string, now time.Time) (*analyzer.Analysis, error) {
	stmt, err := parser.ParseStatement(text)
	if err != nil {
		return nil, err
	}
	return b.analyzeTree(stmt, now)
}

func (b *builder) analyzeTree(stmt ast.Statement, now time.Time) (*analyzer.Analysis, error) {
	return analyzer.Analyze(b.ctx, stmt, analyzer.Options{
		Catalog: onlyBatch{b.table}, Database: tableName, Now: now, Hidden: hidden,
	})
}

func hidden(*catalog.Table) []analyzer.ScanColumn {
	var out []analyzer.ScanColumn
	for _, c := range hiddenColumns() {
		t, err := types.FromHive(c.Type)
		if err == nil { // they are ours
			out = append(out, analyzer.ScanColumn{Name: c.Name, Type: t})
		}
	}
	return out
}

// onlyBatch is a catalog of one table.
type onlyBatch struct{ table *catalog.Table }

func (o onlyBatch) Database(_ context.Context, name string) (catalog.Database, error) {
	if name != tableName {
		return catalog.Database{}, catalog.ErrNotFound
	}
	return catalog.Database{Name: tableName}, nil
}

func (o onlyBatch) Databases(context.Context) ([]catalog.Database, error) {
	return []catalog.Database{{Name: tableName}}, nil
}

func (o onlyBatch) Table(_ context.Context, database, name string) (*catalog.Table, error) {
	if database != tableName || name != tableName {
		return nil, catalog.ErrNotFound
	}
	return o.table, nil
}

func (o onlyBatch) Tables(context.Context, string) ([]*catalog.Table, error) {
	return []*catalog.Table{o.table}, nil
}
