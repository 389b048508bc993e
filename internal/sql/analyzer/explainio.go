package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// ioJSON is Trino's EXPLAIN (TYPE IO): the tables that a query reads, each with
// what the query says of its partition keys. Trino leaves out what reads
// nothing, and gives no table twice with the same constraint. No estimates are
// made here; Trino writes NaN for what it does not know.
func (an *Analysis) ioJSON() string {
	infos := []any{}
	seen := map[string]bool{}
	for _, ts := range an.Scans {
		info := object{
			{"table", object{
				{"catalog", "awsdatacatalog"},
				{"schemaTable", object{{"schema", ts.Table.Database}, {"table", ts.Table.Name}}},
			}},
			{"constraint", constraint(ts)},
			{"estimate", unknownEstimate},
		}
		if text := prettyJSON(info); !seen[text] {
			seen[text] = true
			infos = append(infos, info)
		}
	}
	return prettyJSON(object{{"inputTableColumnInfos", infos}, {"estimate", unknownEstimate}})
}

var unknownEstimate = object{
	{"outputRowCount", "NaN"}, {"outputSizeInBytes", "NaN"}, {"cpuCost", "NaN"}, {"maxMemory", "NaN"}, {"networkCost", "NaN"},
}

func constraint(ts *TableScan) object {
	domains, some := predicate.Domains(ts.Filter)
	columns := []any{}
	for _, k := range ts.Table.PartitionKeys {
		d, ok := domains[k.Name]
		if !ok {
			continue
		}
		t, err := types.FromHive(k.Type)
		if err != nil { // the analysis has read the type before
			continue
		}
		columns = append(columns, object{{"columnName", k.Name}, {"type", t.String()}, {"domain", domainJSON(d, t)}})
	}
	return object{{"none", !some}, {"columnConstraints", columns}}
}

func domainJSON(d predicate.Domain, t types.Type) object {
	ranges := []any{}
	for _, r := range d.Simplify().Ranges {
		ranges = append(ranges, object{{"low", boundJSON(r.Low, t, "ABOVE")}, {"high", boundJSON(r.High, t, "BELOW")}})
	}
	return object{{"nullsAllowed", d.Null}, {"ranges", ranges}}
}

func boundJSON(b predicate.Bound, t types.Type, open string) object {
	if b.Value == nil {
		return object{{"bound", open}}
	}
	if !b.Open {
		open = "EXACTLY"
	}
	text, _ := types.Text(t, b.Value)
	return object{{"value", text}, {"bound", open}}
}
