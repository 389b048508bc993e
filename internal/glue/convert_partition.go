package glue

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// partitionOf reads a PartitionInput.
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
	return p, checkDescriptor(sd)
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
