package ddl

import (
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// partitionColumns is a change of the columns of partitions alone. Here every
// partition is read as the table says, so the statement has nothing to do where
// it brings them to the table's columns, which is what it is for on AWS after a
// change of the table. Another end is refused: it would not be read.
func (r *run) partitionColumns(at ast.Node, n hive.TableName, spec hive.PartitionSpec, columns []hive.Column, all bool) error {
	t, err := r.baseTable(n)
	if err != nil {
		return err
	}
	given, err := conditions(t, spec)
	if err != nil {
		return err
	}
	set, err := r.Catalog.PartitionSet(r.ctx, t.Database, t.Name)
	if err != nil {
		return refused(err)
	}
	if len(matching(r.candidates(t, set, given), given)) == 0 {
		return noPartition(spec, nil)
	}
	same := !all || len(columns) == len(t.Columns)
	for i, c := range columns {
		place := columnPlace(t, c.Name)
		same = same && place >= 0 && t.Columns[place].Type == c.Type && (!all || place == i)
	}
	if !same {
		return notSupported(at, "columns of a partition that are not those of its table are not supported: partitions are read as the table says, whose columns are "+columnList(t.Columns))
	}
	return nil
}

func columnList(columns []catalog.Column) string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = c.Name + " " + c.Type
	}
	return list(texts)
}
