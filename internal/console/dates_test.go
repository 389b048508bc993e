package console

import (
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/stretchr/testify/require"
)

func keys(typeName string, names ...string) []catalog.Column {
	var out []catalog.Column
	for _, n := range names {
		out = append(out, catalog.Column{Name: n, Type: typeName})
	}
	return out
}

func TestWhereOf(t *testing.T) {
	daily := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("string", "year", "month", "day")}
	numbers := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("int", "year", "month", "day")}
	single := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("string", "dt")}
	dates := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("date", "dt")}
	for _, c := range []struct {
		table    *catalog.Table
		from, to string
		want     string
	}{
		{daily, "", "", ""},
		{daily, "2021-03-03", "2021-03-03", ` WHERE ("year" = '2021' AND "month" = '03' AND "day" BETWEEN '03' AND '03')`},
		{daily, "2021-03-01", "2021-03-31", ` WHERE ("year" = '2021' AND "month" = '03')`},
		{daily, "2021-02-27", "2021-04-02", ` WHERE ("year" = '2021' AND "month" = '02' AND "day" BETWEEN '27' AND '28')` +
			` OR ("year" = '2021' AND "month" = '03') OR ("year" = '2021' AND "month" = '04' AND "day" BETWEEN '01' AND '02')`},
		{daily, "2020-12-31", "2021-01-01", ` WHERE ("year" = '2020' AND "month" = '12' AND "day" BETWEEN '31' AND '31')` +
			` OR ("year" = '2021' AND "month" = '01' AND "day" BETWEEN '01' AND '01')`},
		{daily, "2024-02-01", "2024-02-29", ` WHERE ("year" = '2024' AND "month" = '02')`},
		{numbers, "2021-03-05", "2021-03-06", ` WHERE ("year" = 2021 AND "month" = 3 AND "day" BETWEEN 5 AND 6)`},
		{single, "2021-03-05", "2021-04-06", ` WHERE "dt" BETWEEN '2021-03-05' AND '2021-04-06'`},
		{dates, "2021-03-05", "2021-03-06", ` WHERE "dt" BETWEEN DATE '2021-03-05' AND DATE '2021-03-06'`},
	} {
		got, err := whereOf(c.table, c.from, c.to)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
}

func TestWhereOfRefuses(t *testing.T) {
	daily := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("string", "year", "month", "day")}
	other := &catalog.Table{Database: "d", Name: "t", PartitionKeys: keys("string", "city")}
	for _, c := range []struct {
		table          *catalog.Table
		from, to, want string
	}{
		{daily, "2021-02-30", "2021-03-01", "from"},
		{daily, "2021-03-01", "' OR 1=1", "to"},
		{daily, "2021-03-02", "2021-03-01", "before it begins"},
		{daily, "0001-01-01", "2021-03-01", "longer than"},
		{other, "2021-03-01", "2021-03-02", "are not days"},
	} {
		_, err := whereOf(c.table, c.from, c.to)
		require.ErrorContains(t, err, c.want)
	}
}

func TestSpan(t *testing.T) {
	l, ok := layoutOf(keys("int", "year", "month", "day"))
	require.True(t, ok)
	today := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	require.Equal(t, &dateRange{From: "2026-11-24", To: "2026-11-24"}, l.span(nil, today))
	partitions := []catalog.Partition{
		{Values: []string{"2021", "3", "9"}}, {Values: []string{"2021", "3", "10"}}, {Values: []string{"__HIVE_DEFAULT_PARTITION__", "3", "1"}},
	}
	require.Equal(t, &dateRange{From: "2021-03-09", To: "2021-03-10"}, l.span(partitions, today))
}
