package glue

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
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
		return catalog.Table{}, violation("null", "tableInput", "Member must not be null")
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
	t.Absent = catalog.Absent{Type: in.TableType == nil}
	return t, storageOf(&t, in.StorageDescriptor)
}

func storageOf(t *catalog.Table, sd *types.StorageDescriptor) error {
	if sd == nil {
		return nil
	}
	t.Absent.SerDe = sd.SerdeInfo == nil
	if err := checkDescriptor(sd); err != nil {
		return err
	}
	t.Columns = columnsOf(sd.Columns)
	t.Location = aws.ToString(sd.Location)
	t.InputFormat, t.OutputFormat = aws.ToString(sd.InputFormat), aws.ToString(sd.OutputFormat)
	t.SerDe = serDeOf(sd.SerdeInfo)
	t.Storage = layoutOf(sd)
	return nil
}

func serDeOf(in *types.SerDeInfo) catalog.SerDe {
	if in == nil {
		return catalog.SerDe{}
	}
	return catalog.SerDe{Name: aws.ToString(in.Name), Library: aws.ToString(in.SerializationLibrary), Parameters: in.Parameters}
}

func serDeShape(s catalog.SerDe) *types.SerDeInfo {
	return &types.SerDeInfo{Name: text(s.Name), SerializationLibrary: text(s.Library), Parameters: notNil(s.Parameters)}
}

// layoutOf reads what scops keeps of a descriptor and reads nothing from.
func layoutOf(sd *types.StorageDescriptor) catalog.Storage {
	out := catalog.Storage{
		Compressed:             sd.Compressed,
		NumberOfBuckets:        sd.NumberOfBuckets,
		BucketColumns:          sd.BucketColumns,
		StoredAsSubDirectories: sd.StoredAsSubDirectories,
		Parameters:             sd.Parameters,
	}
	for _, c := range sd.SortColumns {
		out.SortColumns = append(out.SortColumns, catalog.SortColumn{Column: aws.ToString(c.Column), Order: c.SortOrder})
	}
	if k := sd.SkewedInfo; k != nil && len(k.SkewedColumnNames)+len(k.SkewedColumnValues)+len(k.SkewedColumnValueLocationMaps) > 0 {
		out.Skewed = &catalog.Skewed{Columns: k.SkewedColumnNames, Values: k.SkewedColumnValues, Locations: k.SkewedColumnValueLocationMaps}
	}
	return out
}

func checkDescriptor(sd *types.StorageDescriptor) error {
	switch {
	case len(sd.AdditionalLocations) > 0:
		return invalid("StorageDescriptor.AdditionalLocations is not supported")
	case sd.SchemaReference != nil:
		return invalid("StorageDescriptor.SchemaReference is not supported")
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
	out := types.Table{
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
		VersionId:                     aws.String(versionID(t)),
	}
	if t.Absent.Type {
		out.TableType = nil
	}
	return out
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
	}
	if !t.Absent.SerDe || t.SerDe.Library != "" {
		sd.SerdeInfo = serDeShape(t.SerDe)
	}
	showLayout(sd, &t.Storage)
	return sd
}

func showLayout(sd *types.StorageDescriptor, l *catalog.Storage) {
	sd.Compressed, sd.NumberOfBuckets, sd.StoredAsSubDirectories = l.Compressed, l.NumberOfBuckets, l.StoredAsSubDirectories
	sd.BucketColumns, sd.Parameters = append([]string{}, l.BucketColumns...), notNil(l.Parameters)
	sd.SortColumns = make([]types.Order, 0, len(l.SortColumns))
	for _, c := range l.SortColumns {
		sd.SortColumns = append(sd.SortColumns, types.Order{Column: &c.Column, SortOrder: c.Order})
	}
	sd.SkewedInfo = nil
	if k := l.Skewed; k != nil {
		sd.SkewedInfo = &types.SkewedInfo{SkewedColumnNames: k.Columns, SkewedColumnValues: k.Values, SkewedColumnValueLocationMaps: notNil(k.Locations)}
	}
}
