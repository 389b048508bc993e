package ddl

import (
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Table parameters that Hive keeps for itself.
const (
	paramExternal = "EXTERNAL"
	paramChanged  = "transient_lastDdlTime" // seconds since 1970
	paramComment  = "comment"
)

// partitionKinds are the types that a partition key can have: those whose
// values have one plain text.
var partitionKinds = map[types.Kind]bool{
	types.Varchar: true, types.Char: true, types.TinyInt: true, types.SmallInt: true, types.Integer: true,
	types.BigInt: true, types.Boolean: true, types.Real: true, types.Double: true, types.Decimal: true,
	types.Date: true, types.Timestamp: true,
}

func (r *run) createTable(s *hive.CreateTable) error {
	n := r.resolve(s.Table)
	if len(s.Columns) == 0 {
		return semantic(s, "table %s needs columns", n)
	}
	if err := checkNames(s); err != nil {
		return err
	}
	for _, k := range s.PartitionKeys {
		if !partitionKinds[k.Parsed.Kind] {
			return semantic(k, "type %s of partition key %s cannot be that of a partition key", k.Type, k.Name)
		}
	}
	if err := refuseTableType(s, s.Properties); err != nil {
		return err
	}
	t := catalog.Table{
		Database:      n.Database,
		Name:          n.Name,
		Type:          catalog.ExternalTable,
		Owner:         "hadoop",
		Columns:       columns(s.Columns),
		PartitionKeys: columns(s.PartitionKeys),
		Location:      s.Location,
		CreateTime:    r.now().UTC(),
		Parameters:    map[string]string{},
	}
	maps.Copy(t.Parameters, s.Properties)
	t.Parameters[paramExternal] = "TRUE"
	if s.Comment != "" {
		t.Parameters[paramComment] = s.Comment
	}
	r.stamp(&t)
	if err := checkLimits(&t); err != nil {
		return err
	}
	if err := setStorage(&t, s); err != nil {
		return err
	}
	if err := r.checkLocation(s, s.Location); err != nil {
		return err
	}
	err := r.Catalog.CreateTable(r.ctx, t, s.IfNotExists)
	if errors.Is(err, catalog.ErrNotFound) {
		return r.missing(n, err)
	}
	return refused(err)
}

func (r *run) stamp(t *catalog.Table) {
	t.Parameters[paramChanged] = strconv.FormatInt(r.now().Unix(), 10)
}

func columns(in []hive.Column) []catalog.Column {
	out := make([]catalog.Column, len(in))
	for i, c := range in {
		out[i] = catalog.Column{Name: c.Name, Type: c.Type, Comment: c.Comment}
	}
	return out
}

// checkLocation checks that a location is a folder of objects: the objects in
// it may come later, but it must not be an object itself.
func (r *run) checkLocation(at ast.Node, location string) error {
	if location == "" {
		return semantic(at, "LOCATION 's3://bucket/folder/' is needed")
	}
	bucket, key, err := objects.SplitURI(location)
	if err != nil {
		return semantic(at, "LOCATION: %v", err)
	}
	if strings.ContainsAny(location, "*?#") {
		return semantic(at, "LOCATION %s: it is a folder, and must not have a wildcard or any of * ? #", location)
	}
	if strings.Contains(key, "//") {
		return semantic(at, "LOCATION %s: it has an empty folder name (//)", location)
	}
	if key == "" || strings.HasSuffix(key, "/") {
		return nil
	}
	_, err = r.Objects.Head(r.ctx, bucket, key)
	switch {
	case err == nil:
		return semantic(at, "LOCATION %s is an object: a table is the folder that its objects are in", location)
	case errors.Is(err, objects.ErrNoSuchKey), errors.Is(err, objects.ErrNoSuchBucket):
		return nil
	}
	return execution(err, "MetaException(message:LOCATION %s cannot be read: %v)", location, err)
}

func (r *run) dropTable(s *hive.DropTable) error {
	n := r.resolve(s.Table)
	t, err := r.Catalog.Table(r.ctx, n.Database, n.Name)
	if err == nil && t.Type == catalog.VirtualView {
		return semantic(s.Table, "Cannot drop a view with DROP TABLE: %s", n)
	}
	err = r.Catalog.DropTable(r.ctx, n.Database, n.Name, s.IfExists)
	if errors.Is(err, catalog.ErrNotFound) {
		return r.missing(n, err)
	}
	return refused(err)
}
