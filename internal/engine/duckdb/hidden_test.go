package duckdb

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// What is said of files is right for few files, whose values stand in the SQL
// text, and for many, which are joined; also in Parquet files with a column of
// the name of DuckDB's file number.
func TestHiddenColumnsOfFiles(t *testing.T) {
	at := time.Date(2021, 2, 3, 4, 5, 6, 789_000_000, time.UTC)
	for _, count := range []int{1, 5, listedFiles + 9} {
		for _, library := range []string{formats.SerDeOpenXJSON, formats.SerDeParquet, "file_index"} {
			t.Run(fmt.Sprintf("%s/%d", library, count), func(t *testing.T) {
				w := newWorld(t)
				column := "n"
				if library == "file_index" {
					column, library = library, formats.SerDeParquet
				}
				tb := table(library, column+" bigint", "|", "p string")
				scan := planner.Scan{Table: tb}
				want := map[string]string{}
				for i := range count {
					name := fmt.Sprintf("p=%d/f%d", i/2, i)
					var f planner.File
					if library == formats.SerDeParquet {
						require.NoError(t, os.MkdirAll(fmt.Sprintf("%s/p=%d", w.dir, i/2), 0o755))
						w.sql(fmt.Sprintf("COPY (SELECT %d::BIGINT AS %s) TO '$DIR/%s' (FORMAT parquet)", i, column, name))
						f = w.file(name)
					} else {
						f = w.write(name, fmt.Sprintf(`{"n":%d}`, i))
					}
					modified := at.Add(time.Duration(i) * time.Second)
					require.NoError(t, os.Chtimes(f.Path, modified, modified))
					if i%2 == 0 {
						scan.Partitions = append(scan.Partitions, catalog.Partition{Values: []string{fmt.Sprint(i / 2)}})
					}
					f.Partition = partitionOf(i / 2)
					scan.Files = append(scan.Files, f)
					want[fmt.Sprint(i)] = fmt.Sprintf("%d|%s|%d|%s|p=%d|%d", i, f.URI, f.Size, modified.Format("2006-01-02 15:04:05.000 UTC"), i/2, i/2)
				}
				ts := scanOf(t, tb, column)
				ts.Columns = append(ts.Columns,
					analyzer.ScanColumn{Name: analyzer.PathColumn, Type: types.VarcharUnbounded, OfFile: true},
					analyzer.ScanColumn{Name: analyzer.FileSizeColumn, Type: types.BigIntType, OfFile: true},
					analyzer.ScanColumn{Name: analyzer.FileModifiedColumn, Type: types.TimestampTZType(3), OfFile: true},
					analyzer.ScanColumn{Name: analyzer.PartitionColumn, Type: types.VarcharUnbounded, OfFile: true},
					analyzer.ScanColumn{Name: "p", Type: types.VarcharUnbounded, PartitionKey: true})
				var columns []analyzer.Column
				for _, c := range ts.Columns {
					columns = append(columns, analyzer.Column{Name: c.Name, Type: c.Type})
				}
				rows, err := w.query(context.Background(), scan, ts, "*", columns...)
				require.NoError(t, err)
				defer rows.Close()
				lines, err := allRows(rows)
				require.NoError(t, err)
				require.Len(t, lines, count)
				for _, line := range lines {
					require.Contains(t, want, firstCell(line))
					require.Equal(t, want[firstCell(line)], line)
				}
			})
		}
	}
}

func firstCell(line string) string {
	cell, _, _ := strings.Cut(line, "|")
	return cell
}
