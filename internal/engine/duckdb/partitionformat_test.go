package duckdb

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
)

// described plans a table whose partitions p=0, p=1 … have a file each and what
// their descriptors say.
func described(tb *catalog.Table, files []planner.File, of ...*catalog.Descriptor) planner.Scan {
	scan := planner.Scan{Table: tb}
	for i, d := range of {
		p := catalog.Partition{Values: []string{string(rune('0' + i))}}
		if d != nil {
			p.Details = &catalog.PartitionDetails{Descriptor: d}
		}
		scan.Partitions = append(scan.Partitions, p)
		f := files[i]
		f.Partition = &i
		scan.Files = append(scan.Files, f)
	}
	return scan
}

func descriptor(library string, parameters map[string]string, columns ...string) *catalog.Descriptor {
	return &catalog.Descriptor{SerDe: catalog.SerDe{Library: library, Parameters: parameters}, Columns: table(library, columns...).Columns}
}

// Each partition is read in its own format.
func TestPartitionFormats(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT 'parquet' AS b, 2::INTEGER AS A) TO '$DIR/2' (FORMAT parquet)`)
	tb := table(formats.SerDeLazySimple, "a bigint", "b string", "|", "p int")
	tb.SerDe.Parameters["field.delim"] = ","
	in := []planner.File{
		w.write("0", "0,text\n"), w.write("1", `{"B":"json","a":1}`+"\n"), w.file("2"), w.write("3", "3|bar|more\n"), w.write("4", "4,as the table\n"), w.write("5", "5\n"),
	}
	scan := described(tb, in, nil,
		descriptor(formats.SerDeOpenXJSON, nil, "a bigint", "b string"),
		descriptor(formats.SerDeParquet, nil, "a int", "b string"),
		descriptor(formats.SerDeLazySimple, map[string]string{"field.delim": "|", "serialization.format": "|"}, "a bigint", "b string"),
		descriptor(formats.SerDeLazySimple, map[string]string{"field.delim": ",", "serialization.format": ","}, "a bigint", "b string"),
		descriptor(formats.SerDeLazySimple, map[string]string{"field.delim": ","}, "a bigint"),
	)
	got, stats, err := w.read(tb, scan, "a", "b", "p")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"0|text|0", "1|json|1", "2|parquet|2", "3|bar|3", "4|as the table|4", "5|NULL|5"}, got)
	require.Positive(t, stats.BytesScanned)
	scan.Files = scan.Files[4:5]
	groups, err := layouts(&scan, scanOf(t, tb, "a"), scan.Files)
	require.NoError(t, err)
	require.Len(t, groups, 1)
	require.Same(t, tb, groups[0].scan.Table, "read as the table's")
}

// Types that a partition declares become those of its table as far as they hold
// every value.
func TestPartitionTypes(t *testing.T) {
	w := newWorld(t)
	in := []planner.File{w.write("0", `{"x":"5","y":1}`+"\n")}
	cases := []struct{ partition, table, want string }{
		{"int", "bigint", "5"}, {"tinyint", "int", "5"}, {"int", "string", "5"}, {"float", "double", "5.0"},
		{"decimal(3,1)", "decimal(5,2)", "5.00"}, {"varchar(3)", "string", "5"}, {"string", "string", "5"},
		{"bigint", "int", ""}, {"string", "int", ""}, {"double", "float", ""}, {"decimal(5,2)", "decimal(5,1)", ""}, {"string", "date", ""}, {"array<int>", "array<bigint>", ""},
	}
	for _, c := range cases {
		tb := table(formats.SerDeOpenXJSON, "y int", "x "+c.table, "|", "p int")
		scan := described(tb, in, descriptor(formats.SerDeOpenXJSON, nil, "x "+c.partition, "y int"))
		got, _, err := w.read(tb, scan, "x", "y")
		if c.want != "" {
			require.NoError(t, err, c.partition)
			require.Equal(t, []string{c.want + "|1"}, got, c.partition)
			continue
		}
		requireEngineError(t, err, "HIVE_PARTITION_SCHEMA_MISMATCH", "The column 'x' in table 'db.t' is declared as type '"+c.table+"', but partition 'p=0' declared column 'x' as type '"+c.partition+"'.")
	}
	// By place, the second column of the partition is the table's.
	tb := table(formats.SerDeLazySimple, "a int", "b int", "|", "p int")
	scan := described(tb, []planner.File{w.write("1", "1\x012\n")}, descriptor(formats.SerDeLazySimple, nil, "other int", "b date"))
	_, _, err := w.read(tb, scan, "a")
	requireEngineError(t, err, "HIVE_PARTITION_SCHEMA_MISMATCH", "declared column 'b' as type 'date'")
	scan.Partitions[0].Details.Descriptor.Columns[1].Type = "smallint"
	got, _, err := w.read(tb, scan, "a", "b")
	require.NoError(t, err)
	require.Equal(t, []string{"1|2"}, got)
}
