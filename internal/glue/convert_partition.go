package glue

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// partitionOf reads a PartitionInput. Files of a partition are read as the
// table says, so a descriptor that says otherwise is refused.
func partitionOf(t *catalog.Table, in *types.PartitionInput) (catalog.Partition, error) {
	if in == nil {
		return catalog.Partition{}, violation("null", "partitionInput", "Member must not be null")
	}
	p := catalog.Partition{Values: in.Values, Parameters: in.Parameters, Details: detailsOf(t, in)}
	sd := in.StorageDescriptor
	if sd == nil || aws.ToString(sd.Location) == "" {
		return p, invalid("A partition needs StorageDescriptor.Location")
	}
	p.Location = *sd.Location
	if err := checkDescriptor(sd); err != nil {
		return p, err
	}
	return p, checkAsTable(t, sd)
}

func checkAsTable(t *catalog.Table, sd *types.StorageDescriptor) error {
	differs := func(what, its, tables string) error {
		return invalid("A partition with %s %q in a table with %q is not supported: its files would be read as the table's", what, its, tables)
	}
	if f := aws.ToString(sd.InputFormat); f != "" && f != t.InputFormat {
		return differs("InputFormat", f, t.InputFormat)
	}
	if s := sd.SerdeInfo; s != nil {
		if l := aws.ToString(s.SerializationLibrary); l != "" && l != t.SerDe.Library {
			return differs("SerializationLibrary", l, t.SerDe.Library)
		}
		if len(s.Parameters) > 0 && !maps.Equal(readingParameters(s.Parameters), readingParameters(t.SerDe.Parameters)) {
			return invalid("A partition with other SerDe parameters than its table's is not supported: its files would be read as the table's")
		}
	}
	if !byName[t.SerDe.Library] && !beginsWith(t.Columns, sd.Columns) {
		return invalid("A partition with other columns than its table's is not supported for %s, which reads columns by their place", t.SerDe.Library)
	}
	return nil
}

// detailsOf is what is to be kept of a partition beside its values, location and
// parameters; nil where that is as the table has it.
func detailsOf(t *catalog.Table, in *types.PartitionInput) *catalog.PartitionDetails {
	d := catalog.PartitionDetails{LastAccessTime: aws.ToTime(in.LastAccessTime), LastAnalyzedTime: aws.ToTime(in.LastAnalyzedTime)}
	if sd := in.StorageDescriptor; sd != nil {
		own := catalog.Descriptor{
			Columns: columnsOf(sd.Columns), InputFormat: aws.ToString(sd.InputFormat), OutputFormat: aws.ToString(sd.OutputFormat),
			SerDe: serDeOf(sd.SerdeInfo), NoSerDe: sd.SerdeInfo == nil, Storage: layoutOf(sd),
		}
		if !asTable(t, &own) {
			d.Descriptor = &own
		}
	}
	if reflect.ValueOf(d).IsZero() {
		return nil
	}
	return &d
}

// asTable says that a partition's descriptor would show what its table's does.
func asTable(t *catalog.Table, d *catalog.Descriptor) bool {
	return d.InputFormat == t.InputFormat && d.OutputFormat == t.OutputFormat && slices.EqualFunc(d.Columns, t.Columns, sameColumn) &&
		d.NoSerDe == t.Absent.SerDe && d.SerDe.Name == t.SerDe.Name && d.SerDe.Library == t.SerDe.Library &&
		maps.Equal(d.SerDe.Parameters, t.SerDe.Parameters) && sameLayout(d.Storage, t.Storage)
}

func sameColumn(a, b catalog.Column) bool {
	return sameName(a.Name, b.Name) && sameName(a.Type, b.Type) && a.Comment == b.Comment && maps.Equal(a.Parameters, b.Parameters)
}

// sameLayout compares what two descriptors would show.
func sameLayout(a, b catalog.Storage) bool {
	return a.Compressed == b.Compressed && a.NumberOfBuckets == b.NumberOfBuckets && a.StoredAsSubDirectories == b.StoredAsSubDirectories &&
		slices.Equal(a.BucketColumns, b.BucketColumns) && slices.Equal(a.SortColumns, b.SortColumns) &&
		maps.Equal(a.Parameters, b.Parameters) && reflect.DeepEqual(a.Skewed, b.Skewed)
}

// byName are the SerDes that find columns by their names: older partitions may
// have had others.
var byName = map[string]bool{
	formats.SerDeOpenXJSON: true, formats.SerDeHiveJSON: true, formats.SerDeHive3JSON: true, formats.SerDeParquet: true,
}

// beginsWith says that a table's columns begin with those of a partition, which
// may be older than the last of them.
func beginsWith(table []catalog.Column, partition []types.Column) bool {
	if len(partition) > len(table) {
		return false
	}
	for i, c := range partition {
		if !sameName(aws.ToString(c.Name), table[i].Name) || !sameName(strings.ReplaceAll(aws.ToString(c.Type), " ", ""), strings.ReplaceAll(table[i].Type, " ", "")) {
			return false
		}
	}
	return true
}

// readingParameters leaves out what says nothing of how files are read.
func readingParameters(p map[string]string) map[string]string {
	p = maps.Clone(p)
	delete(p, "serialization.format")
	return p
}

func partitionShape(ctx context.Context, t *catalog.Table, p catalog.Partition, columns bool) types.Partition {
	sd := descriptorShape(t)
	sd.Location = &p.Location
	d := p.Details
	if d == nil {
		d = &catalog.PartitionDetails{}
	}
	if own := d.Descriptor; own != nil {
		sd.Columns, sd.InputFormat, sd.OutputFormat, sd.SerdeInfo = columnShapes(own.Columns), text(own.InputFormat), text(own.OutputFormat), nil
		if !own.NoSerDe {
			sd.SerdeInfo = serDeShape(own.SerDe)
		}
		showLayout(sd, &own.Storage)
	}
	if !columns {
		sd.Columns = nil
	}
	return types.Partition{
		LastAccessTime:    moment(d.LastAccessTime),
		LastAnalyzedTime:  moment(d.LastAnalyzedTime),
		DatabaseName:      &t.Database,
		TableName:         &t.Name,
		CatalogId:         text(awsapi.RequestFrom(ctx).AccountID),
		Values:            p.Values,
		StorageDescriptor: sd,
		Parameters:        notNil(p.Parameters),
		CreationTime:      moment(p.CreateTime),
	}
}
