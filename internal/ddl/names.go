package ddl

import (
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// checkNames refuses names that two columns have, or a column and a partition
// key.
func checkNames(s *hive.CreateTable) error {
	seen := make(map[string]bool)
	for _, c := range s.Columns {
		if seen[c.Name] {
			return duplicate(c, c.Name)
		}
		seen[c.Name] = true
	}
	keys := make(map[string]bool)
	for _, k := range s.PartitionKeys {
		if seen[k.Name] {
			return semantic(k, "[Error 10035]: Column repeated in partitioning columns")
		}
		if keys[k.Name] {
			return duplicate(k, k.Name)
		}
		keys[k.Name] = true
	}
	return nil
}

func duplicate(at ast.Node, name string) error {
	return semantic(at, "[Error 10036]: Duplicate column name: %s", name)
}

// uniqueColumns refuses a changed table in which a name comes twice.
func uniqueColumns(at ast.Node, t *catalog.Table) error {
	seen := make(map[string]bool)
	for _, c := range allColumns(t) {
		if seen[c.Name] {
			return duplicate(at, c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}
