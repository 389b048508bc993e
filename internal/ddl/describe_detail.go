package ddl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
)

// hiveTime is how Hive prints a moment.
const hiveTime = "Mon Jan 02 15:04:05 MST 2006"

func detail(name, value string) string { return padded(name) + "\t" + padded(value) + "\t " }

// tableDetails are what FORMATTED adds of a table.
func tableDetails(t *catalog.Table) []string {
	rows := []string{
		emptyRow,
		sectionRow("# Detailed Table Information"),
		detail("Database:", t.Database),
		detail("Owner:", t.Owner),
		detail("CreateTime:", t.CreateTime.UTC().Format(hiveTime)),
		detail("LastAccessTime:", "UNKNOWN"),
		detail("Protect Mode:", "None"),
		detail("Retention:", fmt.Sprint(t.Retention)),
		detail("Location:", t.Location),
		detail("Table Type:", t.Type),
		sectionRow("Table Parameters:"),
	}
	rows = append(rows, parameterRows(t.Parameters)...)
	return append(rows, storageDetails(t)...)
}

// partitionDetails are what FORMATTED adds of a partition.
func partitionDetails(t *catalog.Table, p catalog.Partition) []string {
	rows := []string{
		emptyRow,
		sectionRow("# Detailed Partition Information"),
		detail("Partition Value:", list(p.Values)),
		detail("Database:", t.Database),
		detail("Table:", t.Name),
		detail("CreateTime:", p.CreateTime.UTC().Format(hiveTime)),
		detail("LastAccessTime:", "UNKNOWN"),
		detail("Protect Mode:", "None"),
		detail("Location:", p.Location),
		sectionRow("Partition Parameters:"),
	}
	rows = append(rows, parameterRows(p.Parameters)...)
	return append(rows, storageDetails(t)...)
}

func storageDetails(t *catalog.Table) []string {
	rows := []string{
		emptyRow,
		sectionRow("# Storage Information"),
		detail("SerDe Library:", t.SerDe.Library),
		detail("InputFormat:", t.InputFormat),
		detail("OutputFormat:", t.OutputFormat),
		detail("Compressed:", hiveBool(t.Storage.Compressed)),
		detail("Num Buckets:", fmt.Sprint(t.Storage.NumberOfBuckets)),
		detail("Bucket Columns:", list(t.Storage.BucketColumns)),
		detail("Sort Columns:", list(sortOrders(t))),
		sectionRow("Storage Desc Params:"),
	}
	return append(rows, parameterRows(t.SerDe.Parameters)...)
}

// list prints texts as Java prints a list.
func list(texts []string) string { return "[" + strings.Join(texts, ", ") + "]" }

func sortOrders(t *catalog.Table) []string {
	orders := make([]string, len(t.Storage.SortColumns))
	for i, c := range t.Storage.SortColumns {
		orders[i] = fmt.Sprintf("Order(col:%s, order:%d)", c.Column, c.Order)
	}
	return orders
}

func hiveBool(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

func parameterRows(p map[string]string) []string {
	var rows []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		rows = append(rows, "\t"+padded(name)+"\t"+padded(p[name]))
	}
	return rows
}
