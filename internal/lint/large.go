package lint

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

const (
	worthwhile = 100      // times less to read, from which on a condition is proposed
	small      = 10 << 20 // bytes that are not worth a word: Athena bills 10 MB at least
	looked     = 10_000   // partitions whose values are counted
)

// largeScan proposes a condition on a key that has none, where one of its
// values is a hundredth of what is read or less.
func largeScan(scan *analyzer.TableScan, planned *planner.Scan) string {
	n := len(planned.Partitions)
	if n < worthwhile || planned.Bytes() <= small {
		return ""
	}
	domains, _ := predicate.Domains(scan.Filter)
	var free []catalog.Column
	parts := 1
	for i, key := range scan.Table.PartitionKeys {
		if _, restricted := domains[key.Name]; restricted {
			continue
		}
		free = append(free, key)
		if d := distinct(planned.Partitions, i); d >= worthwhile {
			free, parts = []catalog.Column{key}, d
			break
		}
	}
	if parts == 1 && len(free) > 0 && len(free) == len(scan.Table.PartitionKeys) {
		parts = n
	}
	if parts < worthwhile {
		return ""
	}
	names := make([]string, len(free))
	for i, key := range free {
		names[i] = key.Name
	}
	return fmt.Sprintf("%s: %d partitions are read, %d bytes; conditions on %s would leave about a %dth of that",
		nameOf(scan.Table), n, planned.Bytes(), strings.Join(names, " and "), parts)
}

// distinct counts the values of a key, among the first partitions.
func distinct(partitions []catalog.Partition, key int) int {
	values := map[string]bool{}
	for i := range partitions[:min(len(partitions), looked)] {
		values[partitions[i].Values[key]] = true
	}
	return len(values)
}
