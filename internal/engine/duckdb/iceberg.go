package duckdb

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// icebergScan writes the reading of an Iceberg table: columns by their field
// ids, without the rows that delete files name.
type icebergScan struct {
	engine  *Engine
	q       *sources
	scan    *planner.Scan
	ts      *analyzer.TableScan
	files   []planner.File
	deletes []planner.DeleteFile
	keys    *keyValues
	gone    [][]int64 // positions of deleted rows, by file
}

// icebergGroup is files that one read_parquet reads.
type icebergGroup struct {
	schema   *parquetSchema
	exprs    []string // of the data columns of the scan, in order
	equality []int    // delete files, of all files of the group
	joins    []string // that leave out rows of equality deletes
	files    []int
	rows     bool // some rows of it are deleted by position
}

// icebergRelation reads the files of a scan, and what it scans besides them.
func (e *Engine) icebergRelation(q *sources, scan *planner.Scan, ts *analyzer.TableScan) (string, int64, error) {
	files := withRows(scan.Files)
	if len(files) == 0 {
		text, err := emptyRelation(ts)
		return text, 0, err
	}
	files, deletes, err := e.fetchIceberg(q, ts, files, scan.Iceberg.Deletes)
	if err != nil {
		return "", 0, err
	}
	keys, err := newKeyValues(scan, ts, files)
	if err != nil {
		return "", 0, err
	}
	s := &icebergScan{engine: e, q: q, scan: scan, ts: ts, files: files, deletes: deletes, keys: keys}
	if s.gone, err = deletedPositions(q.ctx, deletes, files); err != nil {
		return "", 0, err
	}
	groups, scanned, err := s.groups()
	if err != nil {
		return "", 0, err
	}
	q.parquet = append(q.parquet, files...)
	arms := make([]string, len(groups))
	for i, g := range groups {
		if arms[i], err = s.arm(g); err != nil {
			return "", 0, err
		}
	}
	return "(" + strings.Join(arms, " UNION ALL ") + ")", scanned + s.deleteBytes(), nil
}

// fetchIceberg gets files that are elsewhere, and checks where they lie.
func (e *Engine) fetchIceberg(q *sources, ts *analyzer.TableScan, files []planner.File, deletes []planner.DeleteFile) ([]planner.File, []planner.DeleteFile, error) {
	whole := formats.Format{} // all bytes of them
	files, err := e.fetchRemote(q, whole, ts, files)
	if err != nil {
		return nil, nil, err
	}
	plain := make([]planner.File, len(deletes))
	for i, d := range deletes {
		plain[i] = d.File
	}
	if plain, err = e.fetchRemote(q, whole, ts, plain); err != nil {
		return nil, nil, err
	}
	deletes = slices.Clone(deletes)
	for i, f := range plain {
		deletes[i].File = f
	}
	for _, f := range slices.Concat(files, plain) {
		if err := e.checkFolder(f); err != nil {
			return nil, nil, err
		}
	}
	return files, deletes, nil
}

func (e *Engine) checkFolder(f planner.File) error {
	if !e.mayRead(f.Path) {
		return &engine.Error{Name: "PERMISSION_DENIED", Message: "file " + f.URI + " is outside the folders that queries may read"}
	}
	return nil
}

// deleteBytes is the size of the delete files of the scan.
func (s *icebergScan) deleteBytes() (n int64) {
	for _, d := range s.deletes {
		n += d.Size
	}
	return n
}

// groups sorts files by their schema and by what is missing of their rows, and
// counts the bytes of the needed columns.
func (s *icebergScan) groups() ([]*icebergGroup, int64, error) {
	footers, err := s.engine.readFooters(s.q, s.files)
	if err != nil {
		return nil, 0, err
	}
	var groups []*icebergGroup
	byIdentity := map[string]*icebergGroup{}
	needed := map[*icebergGroup][]int{}
	var scanned int64
	for i, f := range footers {
		g := &icebergGroup{schema: f.schema, equality: s.equalityDeletes(s.files[i]), rows: len(s.gone[i]) > 0}
		columns := newFileColumns(f.schema, s.files[i], s.scan.Iceberg.Reading)
		if err := s.columnExprs(g, columns); err != nil {
			return nil, 0, err
		}
		id := g.identity(s, i)
		if found := byIdentity[id]; found != nil {
			g = found
		} else {
			if err := s.equalityJoins(g, columns); err != nil {
				return nil, 0, err
			}
			byIdentity[id], needed[g] = g, columns.needed()
			groups = append(groups, g)
		}
		g.files = append(g.files, i)
		for _, c := range needed[g] {
			scanned += f.bytes[c]
		}
	}
	return groups, scanned, nil
}

// identity is text that files of one group share.
func (g *icebergGroup) identity(s *icebergScan, file int) string {
	alone := -1
	// A column of the name of DuckDB's file number hides it: then a file is alone.
	if len(g.schema.byName["file_index"]) > 0 {
		alone = file
	}
	return fmt.Sprintf("%p %v %v %d %q", g.schema, g.equality, g.rows, alone, g.exprs)
}

func (s *icebergScan) equalityDeletes(f planner.File) []int {
	var out []int
	for _, d := range f.Deletes {
		if s.deletes[d].FieldIDs != nil {
			out = append(out, d)
		}
	}
	return out
}

// columnExprs writes the data columns of the scan as they are in a file.
func (s *icebergScan) columnExprs(g *icebergGroup, columns *fileColumns) error {
	for _, c := range s.ts.Columns {
		if c.PerFile() {
			continue
		}
		if c.Name == analyzer.RowPositionColumn {
			expr, err := rowNumber(g.schema, columns.file)
			if err != nil {
				return err
			}
			g.exprs = append(g.exprs, expr)
			continue
		}
		field := s.scan.Iceberg.ByName[c.Name]
		if field == nil {
			return internalError("table %s has no column %s", s.ts.Table.Name, c.Name)
		}
		expr, err := columns.expr(field, c.Type)
		if err != nil {
			return err
		}
		g.exprs = append(g.exprs, expr)
	}
	return nil
}

// rowNumber is the place of a row in its file, from 0.
func rowNumber(schema *parquetSchema, f planner.File) (string, error) {
	if len(schema.byName["file_row_number"]) > 0 {
		return "", &engine.Error{Name: "NOT_SUPPORTED", Message: "a column named file_row_number in a Parquet file whose rows are counted is not supported: " + f.URI}
	}
	return "f.file_row_number", nil
}

// arm reads the files of a group.
func (s *icebergScan) arm(g *icebergGroup) (string, error) {
	paths := make([]string, len(g.files))
	for i, f := range g.files {
		path, err := exactPath(s.files[f].Path)
		if err != nil {
			return "", err
		}
		paths[i] = quote(path)
	}
	keyExprs, join, err := s.keys.attach(&s.engine.scans, s.q, g.files, "f.file_index")
	if err != nil {
		return "", err
	}
	list := make([]string, 0, len(s.ts.Columns))
	data, key := 0, 0
	for _, c := range s.ts.Columns {
		var expr string
		if c.PerFile() {
			expr = keyExprs[key]
			key++
		} else {
			expr = g.exprs[data]
			data++
		}
		list = append(list, expr+" AS "+quoteName(c.Name))
	}
	from := "read_parquet([" + strings.Join(paths, ", ") + "], hive_partitioning = false) AS f"
	if g.rows {
		without, err := s.positionJoin(g)
		if err != nil {
			return "", err
		}
		from += without
	}
	return "SELECT " + selectList(list) + " FROM " + from + strings.Join(g.joins, "") + join, nil
}

// positionJoin leaves out rows by their place in their file.
func (s *icebergScan) positionJoin(g *icebergGroup) (string, error) {
	row, err := rowNumber(g.schema, s.files[g.files[0]])
	if err != nil {
		return "", err
	}
	gone := make([][]int64, len(g.files))
	for i, f := range g.files {
		gone[i] = s.gone[f]
	}
	infos, err := positionInfos()
	if err != nil {
		return "", err
	}
	source := s.engine.scans.add(s.q, func() source { return &positionSource{query: s.q, columns: infos, gone: gone} })
	on := "d." + positionColumn + " = " + row
	if len(g.files) > 1 {
		on += " AND d." + fileColumn + " = f.file_index"
	}
	return " ANTI JOIN " + source + " AS d ON " + on, nil
}

// equalityJoins leave out rows that have the values of rows of delete files.
func (s *icebergScan) equalityJoins(g *icebergGroup, columns *fileColumns) error {
	byFields := map[string][]int{}
	var order []string
	for _, d := range g.equality {
		id := fmt.Sprint(s.deletes[d].FieldIDs)
		if byFields[id] == nil {
			order = append(order, id)
		}
		byFields[id] = append(byFields[id], d)
	}
	for n, id := range order {
		join, err := s.equalityJoin(fmt.Sprintf("e%d", n), byFields[id], columns)
		if err != nil {
			return err
		}
		g.joins = append(g.joins, join)
	}
	return nil
}

func (s *icebergScan) equalityJoin(alias string, deletes []int, columns *fileColumns) (string, error) {
	ids := slices.Clone(s.deletes[deletes[0]].FieldIDs)
	var on []string
	fields := make([]*iceberg.Field, len(ids))
	for i, id := range ids {
		if fields[i] = s.scan.Iceberg.Field(id); fields[i] == nil {
			return "", &engine.Error{Name: "ICEBERG_INVALID_METADATA", Message: fmt.Sprintf("an equality delete is of field %d, which the table never had", id)}
		}
		expr, err := columns.expr(fields[i], fields[i].Type)
		if err != nil {
			return "", err
		}
		on = append(on, fmt.Sprintf("%s IS NOT DISTINCT FROM %s.c%d", expr, alias, i))
	}
	var arms []string
	for _, d := range deletes {
		arm, err := s.equalityRows(s.deletes[d].File, fields)
		if err != nil {
			return "", err
		}
		arms = append(arms, arm)
	}
	return " ANTI JOIN (" + strings.Join(arms, " UNION ALL ") + ") AS " + alias + " ON " + strings.Join(on, " AND "), nil
}

// equalityRows reads the columns of an equality delete file.
func (s *icebergScan) equalityRows(f planner.File, fields []*iceberg.Field) (string, error) {
	footers, err := s.engine.readFooters(s.q, []planner.File{f})
	if err != nil {
		return "", err
	}
	columns := newFileColumns(footers[0].schema, f, s.scan.Iceberg.Reading)
	list := make([]string, len(fields))
	for i, field := range fields {
		expr, err := columns.expr(field, field.Type)
		if err != nil {
			return "", err
		}
		list[i] = fmt.Sprintf("%s AS c%d", expr, i)
	}
	path, err := exactPath(f.Path)
	if err != nil {
		return "", err
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM read_parquet([" + quote(path) + "], hive_partitioning = false) AS f", nil
}

// fileColumns finds columns of a table in one of its files.
type fileColumns struct {
	schema  *parquetSchema
	file    planner.File
	reading *iceberg.Reading
	ids     bool // the file has field ids
	read    map[int]bool
}

func newFileColumns(schema *parquetSchema, f planner.File, r *iceberg.Reading) *fileColumns {
	return &fileColumns{schema: schema, file: f, reading: r, ids: slices.ContainsFunc(schema.columns, hasID), read: map[int]bool{}}
}

func hasID(n *parquetNode) bool { return n.fieldID != 0 || slices.ContainsFunc(n.children, hasID) }

// needed are the columns of the file that expr has written.
func (c *fileColumns) needed() []int {
	var out []int
	for i := range c.read {
		out = append(out, i)
	}
	return out
}

// expr writes a column as a type. One that the file does not have is what its
// partition says, or NULL.
func (c *fileColumns) expr(field *iceberg.Field, t types.Type) (string, error) {
	if !c.ids && !c.reading.Mapped {
		return "", &engine.Error{Name: "NOT_SUPPORTED", Message: "Parquet file " + c.file.URI + " has no field ids, and its table no schema.name-mapping.default"}
	}
	for i, n := range c.schema.columns {
		if !c.is(n, field) {
			continue
		}
		c.read[i] = true
		expr, _, err := coercion{}.expr("f."+quoteName(n.name), c.renamed(n, field), t)
		if err != nil {
			return "", &engine.Error{Name: "ICEBERG_BAD_DATA", Message: fmt.Sprintf(
				"Field %s's type %s in parquet file %s is incompatible with type %s defined in table schema%s", field.Name, n, c.file.URI, t, detail(err))}
		}
		return expr, nil
	}
	return literal(c.file.Fixed[field.ID], t)
}

// is says whether a node of the file is a field of the table.
func (c *fileColumns) is(n *parquetNode, f *iceberg.Field) bool {
	if c.ids {
		return n.fieldID == f.ID
	}
	return slices.Contains(f.Names, n.name)
}

// renamed is a node with the table's names of the fields inside.
func (c *fileColumns) renamed(n *parquetNode, f *iceberg.Field) *parquetNode {
	if !n.group || len(f.Parts) == 0 {
		return n
	}
	out := *n
	out.children = slices.Clone(n.children)
	switch f.Type.Kind {
	case types.Row:
		for i, child := range out.children {
			out.children[i] = c.named(child, f.Parts)
		}
	case types.Array, types.Map: // the group between has no id
		for i, child := range out.children {
			between := *child
			between.children = slices.Clone(child.children)
			for j, part := range between.children {
				if j < len(f.Parts) {
					between.children[j] = c.renamed(part, f.Parts[j])
				}
			}
			out.children[i] = &between
		}
	}
	return &out
}

// named is a field of a struct under the table's name of it, or under none.
func (c *fileColumns) named(n *parquetNode, parts []*iceberg.Field) *parquetNode {
	for _, p := range parts {
		if c.is(n, p) {
			out := *c.renamed(n, p)
			out.alias, out.aliased = p.Name, true
			return &out
		}
	}
	out := *n
	out.aliased = true
	return &out
}
