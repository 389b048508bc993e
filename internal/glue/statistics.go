package glue

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

// Column statistics are kept for the clients that write and read them, as
// Trino's planner; no query of scops uses them.

// UpdateColumnStatisticsForTable replaces statistics of columns of a table and
// says of which it could not.
func (s *Service) UpdateColumnStatisticsForTable(ctx context.Context, in *glue.UpdateColumnStatisticsForTableInput) (*glue.UpdateColumnStatisticsForTableOutput, error) {
	errs, err := s.updateStatistics(ctx, in.DatabaseName, in.TableName, nil, in.ColumnStatisticsList)
	return &glue.UpdateColumnStatisticsForTableOutput{Errors: errs}, err
}

// UpdateColumnStatisticsForPartition does the same for a partition.
func (s *Service) UpdateColumnStatisticsForPartition(ctx context.Context, in *glue.UpdateColumnStatisticsForPartitionInput) (*glue.UpdateColumnStatisticsForPartitionOutput, error) {
	errs, err := s.updateStatistics(ctx, in.DatabaseName, in.TableName, ofPartition(in.PartitionValues), in.ColumnStatisticsList)
	return &glue.UpdateColumnStatisticsForPartitionOutput{Errors: errs}, err
}

// ofPartition are values that are not nil, which would mean the table.
func ofPartition(values []string) []string { return append([]string{}, values...) }

func (s *Service) updateStatistics(ctx context.Context, database, table *string, values []string, list []types.ColumnStatistics) ([]types.ColumnStatisticsError, error) {
	t, err := s.table(ctx, database, table)
	if err != nil {
		return nil, err
	}
	errs := []types.ColumnStatisticsError{}
	var kept []catalog.ColumnStatistics
	for _, c := range list {
		err := checkStatistics(t, c)
		if err != nil {
			detail, err := errorDetail(err)
			if err != nil {
				return nil, err
			}
			errs = append(errs, types.ColumnStatisticsError{ColumnStatistics: &c, Error: detail})
			continue
		}
		definition, err := json.Marshal(c)
		if err != nil { // NaN and the infinities
			return nil, invalid("Statistics of column %s: %v", aws.ToString(c.ColumnName), err)
		}
		kept = append(kept, catalog.ColumnStatistics{Column: *c.ColumnName, Definition: string(definition)})
	}
	return errs, apiError(s.store.SetColumnStatistics(ctx, t.Database, t.Name, values, kept))
}

// statisticsFields are the fields that hold the statistics of each type.
var statisticsFields = map[types.ColumnStatisticsType]string{
	types.ColumnStatisticsTypeBoolean: "BooleanColumnStatisticsData",
	types.ColumnStatisticsTypeDate:    "DateColumnStatisticsData",
	types.ColumnStatisticsTypeDecimal: "DecimalColumnStatisticsData",
	types.ColumnStatisticsTypeDouble:  "DoubleColumnStatisticsData",
	types.ColumnStatisticsTypeLong:    "LongColumnStatisticsData",
	types.ColumnStatisticsTypeString:  "StringColumnStatisticsData",
	types.ColumnStatisticsTypeBinary:  "BinaryColumnStatisticsData",
}

func checkStatistics(t *catalog.Table, c types.ColumnStatistics) error {
	name := aws.ToString(c.ColumnName)
	if !slices.ContainsFunc(slices.Concat(t.Columns, t.PartitionKeys), func(have catalog.Column) bool { return sameName(have.Name, name) }) {
		return &catalog.Error{Kind: catalog.ErrNotFound, Item: "column", Name: name}
	}
	if c.StatisticsData == nil {
		return invalid("Statistics of column %s are missing", name)
	}
	field, ok := statisticsFields[c.StatisticsData.Type]
	if !ok {
		return invalid("Statistics of column %s have the unknown type '%s'", name, c.StatisticsData.Type)
	}
	if reflect.ValueOf(c.StatisticsData).Elem().FieldByName(field).IsNil() {
		return invalid("Statistics of column %s have type %s and no %s", name, c.StatisticsData.Type, field)
	}
	return nil
}

// GetColumnStatisticsForTable returns the statistics that there are of columns
// of a table, and which have none.
func (s *Service) GetColumnStatisticsForTable(ctx context.Context, in *glue.GetColumnStatisticsForTableInput) (*glue.GetColumnStatisticsForTableOutput, error) {
	list, errs, err := s.statistics(ctx, in.DatabaseName, in.TableName, nil, in.ColumnNames)
	return &glue.GetColumnStatisticsForTableOutput{ColumnStatisticsList: list, Errors: errs}, err
}

// GetColumnStatisticsForPartition does the same for a partition.
func (s *Service) GetColumnStatisticsForPartition(ctx context.Context, in *glue.GetColumnStatisticsForPartitionInput) (*glue.GetColumnStatisticsForPartitionOutput, error) {
	list, errs, err := s.statistics(ctx, in.DatabaseName, in.TableName, ofPartition(in.PartitionValues), in.ColumnNames)
	return &glue.GetColumnStatisticsForPartitionOutput{ColumnStatisticsList: list, Errors: errs}, err
}

func (s *Service) statistics(ctx context.Context, database, table *string, values, columns []string) ([]types.ColumnStatistics, []types.ColumnError, error) {
	have, err := s.store.ColumnStatistics(ctx, aws.ToString(database), aws.ToString(table), values)
	if err != nil {
		return nil, nil, apiError(err)
	}
	list, errs := []types.ColumnStatistics{}, []types.ColumnError{}
	for _, column := range columns {
		definition, ok := have[strings.ToLower(column)]
		if !ok {
			errs = append(errs, types.ColumnError{ColumnName: &column, Error: &types.ErrorDetail{
				ErrorCode: aws.String(codeNotFound), ErrorMessage: aws.String("Statistics do not exist for this column"),
			}})
			continue
		}
		var c types.ColumnStatistics
		if err := json.Unmarshal([]byte(definition), &c); err != nil {
			return nil, nil, fmt.Errorf("statistics of column %s: %w", column, err)
		}
		list = append(list, c)
	}
	return list, errs, nil
}

// DeleteColumnStatisticsForTable forgets the statistics of a column; there need
// not be any.
func (s *Service) DeleteColumnStatisticsForTable(ctx context.Context, in *glue.DeleteColumnStatisticsForTableInput) (*glue.DeleteColumnStatisticsForTableOutput, error) {
	err := s.store.DropColumnStatistics(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName), nil, aws.ToString(in.ColumnName))
	return &glue.DeleteColumnStatisticsForTableOutput{}, apiError(err)
}

// DeleteColumnStatisticsForPartition does the same for a partition.
func (s *Service) DeleteColumnStatisticsForPartition(ctx context.Context, in *glue.DeleteColumnStatisticsForPartitionInput) (*glue.DeleteColumnStatisticsForPartitionOutput, error) {
	err := s.store.DropColumnStatistics(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName), ofPartition(in.PartitionValues), aws.ToString(in.ColumnName))
	return &glue.DeleteColumnStatisticsForPartitionOutput{}, apiError(err)
}
