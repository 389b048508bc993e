package tablewriter

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/types"
)

// target is where some rows go: a partition, or a bucket of one.
type target struct {
	number    int
	partition catalog.Partition // without values where the table has no partition keys
	bucket    int               // -1 without buckets
	files     int               // of the bucket so far; its worker alone counts them
}

// targets finds the target of each row. It belongs to one goroutine.
type targets struct {
	plan       *Plan
	partitions map[string]catalog.Partition
	byKey      map[string]*target
	list       []*target
	key        []byte
}

func newTargets(p *Plan) *targets {
	return &targets{plan: p, partitions: map[string]catalog.Partition{}, byKey: map[string]*target{}}
}

// of returns the target of a row. A row that would open more of them than the
// limit is an error.
func (ts *targets) of(ctx context.Context, row []any) (*target, error) {
	p, bucket := ts.plan, -1
	keys := row[len(p.columns):]
	ts.key = ts.key[:0]
	for i, v := range keys {
		if v != nil {
			ts.key = types.AppendText(append(ts.key, 1), p.types[len(p.columns)+i], v)
		}
		ts.key = append(ts.key, 0)
	}
	if p.buckets != nil {
		bucket = p.buckets.bucket(row)
		ts.key = append(ts.key, byte(bucket>>24), byte(bucket>>16), byte(bucket>>8), byte(bucket))
	}
	if t, ok := ts.byKey[string(ts.key)]; ok {
		return t, nil
	}
	partition, err := ts.partition(ctx, keys)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%s\x00%d", catalog.PartitionName(p.table.PartitionKeys, partition.Values), bucket)
	t, ok := ts.byKey["\x02"+key] // values that differ may have one name: NULL and ''
	if !ok {
		if most := p.writer.cfg.MaxOpenPartitions; len(ts.list) >= most { // a table without partitions and buckets has one
			return nil, fail(errTooManyPartitions, "Exceeded limit of %d open writers for partitions/buckets", most)
		}
		t = &target{number: len(ts.list), partition: partition, bucket: bucket}
		ts.list = append(ts.list, t)
		ts.byKey["\x02"+key] = t
	}
	ts.byKey[string(ts.key)] = t
	return t, nil
}

// partition is the partition of key values, with its folder.
func (ts *targets) partition(ctx context.Context, keys []any) (catalog.Partition, error) {
	t := ts.plan.table
	out := catalog.Partition{Location: t.Location}
	for i, v := range keys {
		text, err := partitionText(ts.plan.types[len(t.Columns)+i], v)
		if err != nil {
			return out, err
		}
		out.Values = append(out.Values, text)
	}
	if ts.plan.projected != nil {
		located, err := ts.plan.projected.Locate(out.Values)
		return located, projectionError(err)
	}
	if len(keys) == 0 {
		return out, nil
	}
	out.Location = catalog.PartitionLocation(t, out.Values)
	known, ok, err := ts.plan.registered(ctx, out.Values)
	if err != nil || !ok {
		return out, err
	}
	if known.Details != nil && !known.Details.Descriptor.ReadsAs(t) {
		return out, fail(errNotSupported, "Partition %s of table %s.%s has another format or other columns than its table, and cannot be written to",
			catalog.PartitionName(t.PartitionKeys, out.Values), t.Database, t.Name)
	}
	out.Location = known.Location
	return out, nil
}

// partitionText is a value as a partition has it. As in Hive the empty text is
// NULL, and as in Trino only printable ASCII is written.
func partitionText(t types.Type, v any) (string, error) {
	text, ok := types.Text(t, v)
	if !ok {
		return catalog.HiveDefaultPartition, nil
	}
	if t.Kind == types.Char {
		text = strings.TrimRight(text, " ")
	}
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7e {
			return "", fail(errPartitionValue, "Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). Invalid value: %s", spaced([]byte(text)))
		}
	}
	switch text {
	case "":
		return catalog.HiveDefaultPartition, nil
	case catalog.HiveDefaultPartition:
		return "", fail(errPartitionValue, "The partition value %s stands for NULL", text)
	}
	return text, nil
}

func spaced(b []byte) string {
	var parts []string
	for i := range b {
		parts = append(parts, strings.ToUpper(hex.EncodeToString(b[i:i+1])))
	}
	return strings.Join(parts, " ")
}

// name gives the next file of a target its object. The name has the id of the
// statement; of a bucket it begins as Hive and Trino find the bucket by.
func (p *Plan) name(t *target, count *atomic.Int64) (catalog.FileName, error) {
	bucket, prefix, err := objects.SplitURI(catalog.FolderURI(t.partition.Location))
	if err != nil {
		return catalog.FileName{}, fail(errFilesystem, "%v", err)
	}
	base := fmt.Sprintf("%s_%05d", p.id, count.Add(1)-1)
	if t.bucket >= 0 {
		base = fmt.Sprintf("0%05d_0_%s", t.bucket, p.id)
		if t.files > 0 {
			base += fmt.Sprintf("_%d", t.files)
		}
		t.files++
	}
	return catalog.FileName{Bucket: bucket, Key: prefix + base + p.ending.Ending}, nil
}
