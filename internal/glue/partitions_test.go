package glue

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
)

var shop, orders = aws.String("shop"), aws.String("orders")

func add(t *testing.T, s *Service, ctx context.Context, values ...[]string) {
	t.Helper()
	in := &glue.BatchCreatePartitionInput{DatabaseName: shop, TableName: orders}
	for _, v := range values {
		in.PartitionInputList = append(in.PartitionInputList, partitionInput(v...))
	}
	out, err := s.BatchCreatePartition(ctx, in)
	require.NoError(t, err)
	require.Empty(t, out.Errors)
}

func TestPartitions(t *testing.T) {
	s, _, ctx := withOrders(t)
	add(t, s, ctx, []string{"2021", "01"}, []string{"2021", "02"})
	p := partitionInput("2021", "03")
	_, err := s.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &p})
	require.NoError(t, err)
	_, err = s.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &p})
	requireCode(t, codeAlreadyExists, err)

	got, err := s.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: []string{"2021", "03"}})
	require.NoError(t, err)
	require.Equal(t, "s3://lake/orders/[2021 03]/", *got.Partition.StorageDescriptor.Location)
	require.Nil(t, got.Partition.StorageDescriptor.SerdeInfo) // as it was written
	require.Empty(t, got.Partition.StorageDescriptor.Columns)
	_, err = s.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: []string{"1999", "03"}})
	requireCode(t, codeNotFound, err)

	batch, err := s.BatchGetPartition(ctx, &glue.BatchGetPartitionInput{DatabaseName: shop, TableName: orders, PartitionsToGet: []types.PartitionValueList{{Values: []string{"2021", "02"}}, {Values: []string{"1999", "01"}}}})
	require.NoError(t, err)
	require.Len(t, batch.Partitions, 1)

	p.StorageDescriptor.Location = aws.String("s3://other/")
	_, err = s.UpdatePartition(ctx, &glue.UpdatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &p, PartitionValueList: []string{"2021", "03"}})
	require.NoError(t, err)
	_, err = s.UpdatePartition(ctx, &glue.UpdatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &p, PartitionValueList: []string{"2021", "02"}})
	requireCode(t, codeInvalidInput, err)
	updated, err := s.BatchUpdatePartition(ctx, &glue.BatchUpdatePartitionInput{DatabaseName: shop, TableName: orders, Entries: []types.BatchUpdatePartitionRequestEntry{{PartitionInput: &p, PartitionValueList: []string{"2021", "03"}}, {PartitionInput: ptr(partitionInput("1", "1")), PartitionValueList: []string{"1", "1"}}}})
	require.NoError(t, err)
	require.Len(t, updated.Errors, 1)

	out, err := s.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInputList: []types.PartitionInput{partitionInput("2021", "01"), partitionInput("2021", "04"), partitionInput("2021"), {Values: []string{"1", "2"}}}})
	require.NoError(t, err)
	var codes []string
	for _, e := range out.Errors {
		codes = append(codes, *e.ErrorDetail.ErrorCode)
	}
	require.Equal(t, []string{codeAlreadyExists, codeInvalidInput, codeInvalidInput}, codes)

	_, err = s.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: []string{"2021", "04"}})
	require.NoError(t, err)
	_, err = s.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: []string{"2021", "04"}})
	requireCode(t, codeNotFound, err)
	deleted, err := s.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{DatabaseName: shop, TableName: orders, PartitionsToDelete: []types.PartitionValueList{{Values: []string{"2021", "04"}}, {Values: []string{"2021", "01"}}}})
	require.NoError(t, err)
	require.Len(t, deleted.Errors, 1)

	_, err = s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: aws.String("lost")})
	requireCode(t, codeNotFound, err)
}

func ptr[T any](v T) *T { return &v }

// TestSegmentsAndPagesCoverAllOnce reads as Trino and Spark do: all segments,
// each page by page.
func TestSegmentsAndPagesCoverAllOnce(t *testing.T) {
	s, store, ctx := withOrders(t)
	var ps []catalog.Partition
	for i := range 500 {
		ps = append(ps, catalog.Partition{Values: []string{fmt.Sprint(i), "01"}, Location: fmt.Sprintf("s3://lake/%d/", i)})
	}
	_, err := store.AddPartitions(ctx, "shop", "orders", ps, false)
	require.NoError(t, err)
	seen := map[string]int{}
	for segment := range 5 {
		var next *string
		for {
			page, err := s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, MaxResults: aws.Int32(30), NextToken: next, Segment: &types.Segment{SegmentNumber: int32(segment), TotalSegments: aws.Int32(5)}, ExcludeColumnSchema: aws.Bool(true)})
			require.NoError(t, err)
			for _, p := range page.Partitions {
				seen[p.Values[0]]++
				require.Empty(t, p.StorageDescriptor.Columns)
			}
			if next = page.NextToken; next == nil {
				break
			}
			require.Len(t, page.Partitions, 30)
		}
	}
	require.Len(t, seen, 500)
	for v, n := range seen {
		require.Equal(t, 1, n, v)
	}
	_, err = s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, Segment: &types.Segment{SegmentNumber: 5, TotalSegments: aws.Int32(5)}})
	requireCode(t, codeInvalidInput, err)
}

func TestExpressions(t *testing.T) {
	s, _, ctx := withOrders(t)
	add(t, s, ctx, []string{"2020", "12"}, []string{"2021", "01"}, []string{"2021", "02"}, []string{"2022", "it's"}, []string{"__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__"})
	for expression, want := range map[string]string{
		"":                                               "2020/12 2021/01 2021/02 2022/it's -/-",
		"year = 2021":                                    "2021/01 2021/02",
		"YEAR='2021' and Month = '02'":                   "2021/02",
		"((year = 2021) OR (month in ('12')))":           "2020/12 2021/01 2021/02",
		"(year >= 2021 AND year < 2022)":                 "2021/01 2021/02",
		"2021 <= year":                                   "2021/01 2021/02 2022/it's",
		"(year) NOT IN (2021L, 2022)":                    "2020/12",
		"year between 2020 and 2021":                     "2020/12 2021/01 2021/02",
		"year not between 2020 and 2021":                 "2022/it's",
		"month like '0_'":                                "2021/01 2021/02",
		"month not like '0%' and year <> 2022":           "2020/12",
		"month = 'it''s' or month = 'it\\'s'":            "2022/it's",
		"month = '__HIVE_DEFAULT_PARTITION__'":           "-/-",
		"year is null":                                   "-/-",
		"month is not null and year != 2021":             "2020/12 2022/it's",
		"not (year = 2021)":                              "2020/12 2022/it's",
		"NOT NOT \"year\" = ((2021)) AND `month` > '01'": "2021/02",
	} {
		got, err := s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, Expression: &expression})
		require.NoError(t, err, expression)
		text := ""
		for _, p := range got.Partitions {
			for i, v := range p.Values {
				if v == catalog.HiveDefaultPartition {
					p.Values = append([]string{}, p.Values...)
					p.Values[i] = "-"
				}
			}
			if text != "" {
				text += " "
			}
			text += p.Values[0] + "/" + p.Values[1]
		}
		require.Equal(t, want, text, expression)
	}
	for expression, message := range map[string]string{
		"year":                              "Unsupported expression",
		"year = ":                           "Unsupported expression",
		"year = month":                      "Unsupported expression",
		"1 = 1":                             "Unsupported expression",
		"year = 2021 month = '1'":           "Unsupported expression",
		"(year = 2021":                      "Unsupported expression",
		"year = 'test'":                     `"test" is not a value of type integer.`,
		"lost = 1":                          "Invalid partition expression!",
		"year like '20%'":                   "Integral data type doesn't support operation 'LIKE'",
		"year = 2021 ; drop":                "Unsupported expression",
		"month = 'open":                     "Unsupported expression",
		"year in ()":                        "Unsupported expression",
		"not year":                          "Unsupported expression",
		"year = 2021 and 'x'":               "Unsupported expression",
		"upper(month) = 'X'":                "Invalid partition expression!",
		"year = __HIVE_DEFAULT_PARTITION__": "Invalid partition expression!",
	} {
		_, err := s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, Expression: &expression})
		requireCode(t, codeInvalidInput, err)
		require.ErrorContains(t, err, message, expression)
	}
}

func TestExpressionOnABrokenValue(t *testing.T) {
	s, _, ctx := withOrders(t)
	add(t, s, ctx, []string{"2021", "01"}, []string{"many", "01"})
	_, err := s.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, Expression: aws.String("year = 2021")})
	requireCode(t, codeInvalidState, err)
}

// FuzzExpression looks for input that makes the parser panic, or that it takes
// and cannot evaluate.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{"year = 2021", "((a = 'x') OR (a in ('y', 'z')))", "day between date '2021-01-01' and '2021-02-01'", "((year >= 2021) AND (a in ('x', 'y''z')))", "`a` = \"x\"", "NOT (a = 'x' OR year BETWEEN -1 AND 2021L)", "a is not null and a != '__HIVE_DEFAULT_PARTITION__'", "(year) IN (1,2,(3))", "f > 1", "a LIKE 'x_\\%'", "day = timestamp '2021-01-01 00:00:00'", "year = 99999999999", "p = 1e5", "NOT (month LIKE '%\\'%')", "p >= -1.50 and p is not null"} {
		f.Add(seed)
	}
	keys := []catalog.Column{{Name: "year", Type: "int"}, {Name: "a", Type: "string"}, {Name: "day", Type: "date"}, {Name: "p", Type: "decimal(5,2)"}, {Name: "f", Type: "double"}}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := newPartitionFilter(keys, text)
		if err != nil {
			requireCode(t, codeInvalidInput, err)
			return
		}
		_, err = filter.keeps(catalog.Partition{Values: []string{"2021", "x", "2021-01-01", "1.50", "1"}})
		require.NoError(t, err)
	})
}
