package analyzer

import (
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Names of the hidden columns that tell of the file a row lies in, as Trino's
// Hive connector has them.
const (
	PathColumn         = "$path"               // s3://bucket/key
	FileSizeColumn     = "$file_size"          // bytes
	FileModifiedColumn = "$file_modified_time" // UTC
	PartitionColumn    = "$partition"          // year=2021/month=02
)

// RowPositionColumn is the place of a row in its file, from 0, which statements
// that change rows read. No query can name it.
const RowPositionColumn = "$row_position"

// bucketColumn is the one hidden column of Trino's that is missing: the bucket
// of a bucketed table.
const bucketColumn = "$bucket"

func (a *analyzer) hidden(t *catalog.Table) []ScanColumn {
	if a.opts.Hidden != nil {
		return a.opts.Hidden(t)
	}
	return hiddenColumns(t)
}

// hiddenColumns are the columns of a table that only their names give: those of
// the files, then those that a delivery writes. A column of the table's own
// hides one of the same name.
func hiddenColumns(t *catalog.Table) []ScanColumn {
	hidden := []ScanColumn{
		{Name: PathColumn, Type: types.VarcharUnbounded, OfFile: true},
		{Name: FileSizeColumn, Type: types.BigIntType, OfFile: true},
		{Name: FileModifiedColumn, Type: types.TimestampTZType(types.DefaultTimePrecision), OfFile: true},
	}
	if len(t.PartitionKeys) > 0 {
		hidden = append(hidden, ScanColumn{Name: PartitionColumn, Type: types.VarcharUnbounded, OfFile: true})
	}
	if t.Delivery != "" && !t.OfErrors() {
		hidden = append(hidden,
			ScanColumn{Name: catalog.MessageIDColumn, Type: types.VarcharUnbounded},
			ScanColumn{Name: catalog.ReceivedAtColumn, Type: types.TimestampType(types.DefaultTimePrecision)})
	}
	own := slices.Concat(t.Columns, t.PartitionKeys)
	return slices.DeleteFunc(hidden, func(h ScanColumn) bool {
		return slices.ContainsFunc(own, func(c catalog.Column) bool { return c.Name == h.Name })
	})
}
