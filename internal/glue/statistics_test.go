package glue

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
)

var analyzed = time.Unix(1_700_000_000, 0).UTC()

func statistics(column string, data types.ColumnStatisticsData) types.ColumnStatistics {
	return types.ColumnStatistics{ColumnName: &column, ColumnType: aws.String("t"), AnalyzedTime: &analyzed, StatisticsData: &data}
}

// everyKind are statistics of all types, with values whose way through JSON is
// long.
var everyKind = []types.ColumnStatistics{
	statistics("a", types.ColumnStatisticsData{Type: "LONG", LongColumnStatisticsData: &types.LongColumnStatisticsData{MinimumValue: -1 << 63, MaximumValue: 1<<63 - 1, NumberOfNulls: 1, NumberOfDistinctValues: 2}}),
	statistics("b", types.ColumnStatisticsData{Type: "DOUBLE", DoubleColumnStatisticsData: &types.DoubleColumnStatisticsData{MinimumValue: -0.1, MaximumValue: 1e300}}),
	statistics("c", types.ColumnStatisticsData{Type: "DECIMAL", DecimalColumnStatisticsData: &types.DecimalColumnStatisticsData{MinimumValue: &types.DecimalNumber{UnscaledValue: []byte{0xff, 0}, Scale: 2}}}),
	statistics("d", types.ColumnStatisticsData{Type: "DATE", DateColumnStatisticsData: &types.DateColumnStatisticsData{MinimumValue: &analyzed}}),
	statistics("e", types.ColumnStatisticsData{Type: "STRING", StringColumnStatisticsData: &types.StringColumnStatisticsData{MaximumLength: 7, AverageLength: 3.5}}),
	statistics("f", types.ColumnStatisticsData{Type: "BOOLEAN", BooleanColumnStatisticsData: &types.BooleanColumnStatisticsData{NumberOfTrues: 4}}),
	statistics("g", types.ColumnStatisticsData{Type: "BINARY", BinaryColumnStatisticsData: &types.BinaryColumnStatisticsData{MaximumLength: 5}}),
}

var everyColumn = []string{"a", "b", "c", "d", "e", "f", "g"}

func withColumns(t *testing.T) (*Service, func(values []string, list ...types.ColumnStatistics) ([]types.ColumnStatisticsError, error)) {
	s, _, ctx := withOrders(t)
	in := tableInput("orders")
	in.StorageDescriptor.Columns = nil
	for _, c := range everyColumn {
		in.StorageDescriptor.Columns = append(in.StorageDescriptor.Columns, types.Column{Name: &c, Type: aws.String("int")})
	}
	_, err := s.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: shop, TableInput: in})
	require.NoError(t, err)
	add(t, s, ctx, []string{"2021", "01"})
	return s, func(values []string, list ...types.ColumnStatistics) ([]types.ColumnStatisticsError, error) {
		if values == nil {
			out, err := s.UpdateColumnStatisticsForTable(ctx, &glue.UpdateColumnStatisticsForTableInput{DatabaseName: shop, TableName: orders, ColumnStatisticsList: list})
			return out.Errors, err
		}
		out, err := s.UpdateColumnStatisticsForPartition(ctx, &glue.UpdateColumnStatisticsForPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: values, ColumnStatisticsList: list})
		return out.Errors, err
	}
}

func TestColumnStatistics(t *testing.T) {
	s, set := withColumns(t)
	ctx := t.Context()
	get := func(values []string, columns ...string) ([]types.ColumnStatistics, []types.ColumnError, error) {
		if values == nil {
			out, err := s.GetColumnStatisticsForTable(ctx, &glue.GetColumnStatisticsForTableInput{DatabaseName: shop, TableName: orders, ColumnNames: columns})
			return out.ColumnStatisticsList, out.Errors, err
		}
		out, err := s.GetColumnStatisticsForPartition(ctx, &glue.GetColumnStatisticsForPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: values, ColumnNames: columns})
		return out.ColumnStatisticsList, out.Errors, err
	}
	drop := func(values []string, column string) error {
		if values == nil {
			_, err := s.DeleteColumnStatisticsForTable(ctx, &glue.DeleteColumnStatisticsForTableInput{DatabaseName: shop, TableName: orders, ColumnName: &column})
			return err
		}
		_, err := s.DeleteColumnStatisticsForPartition(ctx, &glue.DeleteColumnStatisticsForPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: values, ColumnName: &column})
		return err
	}
	for _, values := range [][]string{nil, {"2021", "01"}} {
		list, missing, err := get(values, "a")
		require.NoError(t, err)
		require.Empty(t, list)
		require.Equal(t, "a", *missing[0].ColumnName)
		require.Equal(t, codeNotFound, *missing[0].Error.ErrorCode)
		require.Equal(t, "Statistics do not exist for this column", *missing[0].Error.ErrorMessage)

		refused, err := set(values, everyKind...)
		require.NoError(t, err)
		require.Empty(t, refused)
		list, missing, err = get(values, append([]string{"lost"}, everyColumn...)...)
		require.NoError(t, err)
		require.Equal(t, everyKind, list)
		require.Len(t, missing, 1)

		newer := statistics("A", types.ColumnStatisticsData{Type: "LONG", LongColumnStatisticsData: &types.LongColumnStatisticsData{MaximumValue: 9}})
		refused, err = set(values, newer,
			statistics("lost", *newer.StatisticsData),
			statistics("b", types.ColumnStatisticsData{Type: "DOUBLE"}),
			statistics("b", types.ColumnStatisticsData{Type: "COLOUR"}))
		require.NoError(t, err)
		require.Len(t, refused, 3)
		require.Equal(t, codeNotFound, *refused[0].Error.ErrorCode)
		require.Equal(t, codeInvalidInput, *refused[1].Error.ErrorCode)
		list, _, err = get(values, "a", "b")
		require.NoError(t, err)
		require.EqualValues(t, 9, list[0].StatisticsData.LongColumnStatisticsData.MaximumValue)
		require.Equal(t, everyKind[1], list[1])

		require.NoError(t, drop(values, "A"))
		require.NoError(t, drop(values, "a")) // as in Glue, no error
		list, _, err = get(values, "a", "b")
		require.NoError(t, err)
		require.Len(t, list, 1)
	}
	// The statistics of a partition go with it.
	_, err := s.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: []string{"2021", "01"}})
	require.NoError(t, err)
	_, _, err = get([]string{"2021", "01"}, "b")
	requireCode(t, codeNotFound, err)
	_, err = set([]string{"2021", "01"}, everyKind...)
	requireCode(t, codeNotFound, err)
	requireCode(t, codeNotFound, drop([]string{"2021", "01"}, "b"))
	add(t, s, ctx, []string{"2021", "01"})
	list, _, err := get([]string{"2021", "01"}, "b")
	require.NoError(t, err)
	require.Empty(t, list)
}
