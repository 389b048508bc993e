package ddl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

// extendedRows are what EXTENDED adds: the table, or the partition, as Hive's
// Thrift structs print themselves, in one line.
func extendedRows(t *catalog.Table, p *catalog.Partition) []string {
	if p != nil {
		return []string{emptyRow, "Detailed Partition Information\t" + thriftPartition(t, *p) + "\t"}
	}
	return []string{emptyRow, "Detailed Table Information\t" + thriftTable(t) + "\t"}
}

func thriftTable(t *catalog.Table) string {
	return fmt.Sprintf("Table(tableName:%s, dbName:%s, owner:%s, createTime:%d, lastAccessTime:%d, retention:%d, sd:%s, partitionKeys:%s, parameters:%s, viewOriginalText:%s, viewExpandedText:%s, tableType:%s)",
		t.Name, t.Database, t.Owner, seconds(t.CreateTime), seconds(t.LastAccessTime), t.Retention, thriftStorage(t),
		thriftFields(t.PartitionKeys), thriftMap(t.Parameters), orNull(t.ViewOriginalText), orNull(t.ViewExpandedText), t.Type)
}

func thriftPartition(t *catalog.Table, p catalog.Partition) string {
	return fmt.Sprintf("Partition(values:%s, dbName:%s, tableName:%s, createTime:%d, lastAccessTime:0, sd:%s, parameters:%s)",
		list(p.Values), t.Database, t.Name, seconds(p.CreateTime), thriftStorage(t), thriftMap(p.Parameters))
}

func thriftStorage(t *catalog.Table) string {
	s := t.Storage
	return fmt.Sprintf("StorageDescriptor(cols:%s, location:%s, inputFormat:%s, outputFormat:%s, compressed:%t, numBuckets:%d, serdeInfo:SerDeInfo(name:%s, serializationLib:%s, parameters:%s), bucketCols:%s, sortCols:%s, parameters:%s, skewedInfo:SkewedInfo(skewedColNames:[], skewedColValues:[], skewedColValueLocationMaps:{}), storedAsSubDirectories:%t)",
		thriftFields(t.Columns), t.Location, t.InputFormat, t.OutputFormat, s.Compressed, s.NumberOfBuckets, orNull(t.SerDe.Name), t.SerDe.Library,
		thriftMap(t.SerDe.Parameters), list(s.BucketColumns), list(sortOrders(t)), thriftMap(s.Parameters), s.StoredAsSubDirectories)
}

func thriftFields(columns []catalog.Column) string {
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = fmt.Sprintf("FieldSchema(name:%s, type:%s, comment:%s)", c.Name, c.Type, orNull(c.Comment))
	}
	return list(fields)
}

func thriftMap(m map[string]string) string {
	var entries []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		entries = append(entries, k+"="+m[k])
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
