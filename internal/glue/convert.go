package glue

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// tableOf reads a TableInput. What the catalog could not give back is refused.
func tableOf(database *string, in *types.TableInput) (catalog.Table, error) {
	switch {
	case in == nil:
		return catalog.Table{}, invalid("Value null at 'tableInput' failed to satisfy constraint: Member must not be null")
	case in.FederatedTable != nil:
		return catalog.Table{}, invalid("FederatedTable is not supported")
	case in.TargetTable != nil:
		return catalog.Table{}, invalid("TargetTable is not supported")
	case in.ViewDefinition != nil:
		return catalog.Table{}, invalid("ViewDefinition is not supported")
	}
	t := catalog.Table{
		Database:         aws.ToString(database),
		Name:             aws.ToString(in.Name),
		Type:             aws.ToString(in.TableType),
		Description:      aws.ToString(in.Description),
		Owner:            aws.ToString(in.Owner),
		PartitionKeys:    columnsOf(in.PartitionKeys),
		Parameters:       in.Parameters,
		Retention:        in.Retention,
		ViewOriginalText: aws.ToString(in.ViewOriginalText),
		ViewExpandedText: aws.ToString(in.ViewExpandedText),
		LastAccessTime:   aws.ToTime(in.LastAccessTime),
		LastAnalyzedTime: aws.ToTime(in.LastAnalyzedTime),
	}
	return t, storageOf(&t, in.StorageDescriptor)
}

func storageOf(t *catalog.Table, sd *types.StorageDescriptor) error {
	if sd == nil {
		return nil
	}
	if err := checkDescriptor(sd); err != nil {
		return err
	}
	t.Columns = columnsOf(sd.Columns)
	t.Location = aws.ToString(sd.Location)
	t.InputFormat, t.OutputFormat = aws.ToString(sd.InputFormat), aws.ToString(sd.OutputFormat)
	if s := sd.SerdeInfo; s != nil {
		t.SerDe = catalog.SerDe{Name: aws.ToString(s.Name), Library: aws.ToString(s.SerializationLibrary), Parameters: s.Parameters}
	}
	t.Storage = catalog.Storage{
		Compressed:             sd.Compressed,
		NumberOfBuckets:        sd.NumberOfBuckets,
		BucketColumns:          sd.BucketColumns,
		StoredAsSubDirectories: sd.StoredAsSubDirectories,
		Parameters:             sd.Parameters,
	}
	for _, c := range sd.SortColumns {
		t.Storage.SortColumns = append(t.Storage.SortColumns, catalog.SortColumn{Column: aws.ToString(c.Column), Order: c.SortOrder})
	}
	return nil
}

func checkDescriptor(sd *types.StorageDescriptor) error {
	switch {
	case len(sd.AdditionalLocations) > 0:
		return invalid("StorageDescriptor.AdditionalLocations is not supported")
	case sd.SchemaReference != nil:
		return invalid("StorageDescriptor.SchemaReference is not supported")
	case sd.SkewedInfo != nil && (len(sd.SkewedInfo.SkewedColumnNames) > 0 || len(sd.SkewedInfo.SkewedColumnValues) > 0):
		return invalid("StorageDescriptor.SkewedInfo is not supported")
	}
	return nil
}

func columnsOf(in []types.Column) []catalog.Column {
	out := make([]catalog.Column, len(in))
	for i, c := range in {
		out[i] = catalog.Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type), Comment: aws.ToString(c.Comment), Parameters: c.Parameters}
	}
	return out
}

func columnShapes(in []catalog.Column) []types.Column {
	out := make([]types.Column, len(in))
	for i, c := range in {
		out[i] = types.Column{Name: &c.Name, Type: &c.Type, Comment: text(c.Comment), Parameters: c.Parameters}
	}
	return out
}

// tableShape gives every field that clients of Glue take for granted: the Hive
// client of Spark reads the storage descriptor of views too.
func tableShape(ctx context.Context, t *catalog.Table) types.Table {
	return types.Table{
		Name:                          &t.Name,
		DatabaseName:                  &t.Database,
		CatalogId:                     text(awsapi.RequestFrom(ctx).AccountID),
		Description:                   text(t.Description),
		Owner:                         text(t.Owner),
		CreateTime:                    moment(t.CreateTime),
		UpdateTime:                    moment(t.UpdateTime),
		LastAccessTime:                moment(t.LastAccessTime),
		LastAnalyzedTime:              moment(t.LastAnalyzedTime),
		Retention:                     t.Retention,
		StorageDescriptor:             descriptorShape(t),
		PartitionKeys:                 columnShapes(t.PartitionKeys),
		TableType:                     &t.Type,
		Parameters:                    notNil(t.Parameters),
		ViewOriginalText:              text(t.ViewOriginalText),
		ViewExpandedText:              text(t.ViewExpandedText),
		IsRegisteredWithLakeFormation: false,
		VersionId:                     aws.String(strconv.FormatInt(t.Version, 10)),
	}
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func descriptorShape(t *catalog.Table) *types.StorageDescriptor {
	sd := &types.StorageDescriptor{
		Columns:      columnShapes(t.Columns),
		Location:     &t.Location,
		InputFormat:  &t.InputFormat,
		OutputFormat: &t.OutputFormat,
		SerdeInfo: &types.SerDeInfo{
			Name:                 text(t.SerDe.Name),
			SerializationLibrary: text(t.SerDe.Library),
			Parameters:           notNil(t.SerDe.Parameters),
		},
		Compressed:             t.Storage.Compressed,
		NumberOfBuckets:        t.Storage.NumberOfBuckets,
		BucketColumns:          append([]string{}, t.Storage.BucketColumns...),
		SortColumns:            make([]types.Order, 0, len(t.Storage.SortColumns)),
		Parameters:             notNil(t.Storage.Parameters),
		StoredAsSubDirectories: t.Storage.StoredAsSubDirectories,
	}
	for _, c := range t.Storage.SortColumns {
		sd.SortColumns = append(sd.SortColumns, types.Order{Column: &c.Column, SortOrder: c.Order})
	}
	return sd
}

// partitionOf reads a PartitionInput. Files of a partition are read as the
// table says, so a descriptor that says otherwise is refused.
func partitionOf(t *catalog.Table, in *types.PartitionInput) (catalog.Partition, error) {
	if in == nil {
		return catalog.Partition{}, invalid("Value null at 'partitionInput' failed to satisfy constraint: Member must not be null")
	}
	p := catalog.Partition{Values: in.Values, Parameters: in.Parameters}
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
	if !columns {
		sd.Columns = nil
	}
	return types.Partition{
		DatabaseName:      &t.Database,
		TableName:         &t.Name,
		CatalogId:         text(awsapi.RequestFrom(ctx).AccountID),
		Values:            p.Values,
		StorageDescriptor: sd,
		Parameters:        notNil(p.Parameters),
		CreationTime:      moment(p.CreateTime),
	}
}
