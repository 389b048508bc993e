package formats

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var benchOrder = []string{"order_id string", "gu string", "delivery_type string", "product string", "quantity int", "price double", "ordered_at string"}

// One core: lines of orders into vectors, one column and all of them.
func BenchmarkDecode(b *testing.B) {
	json := `{"order_id":"6ba7b8109dad11d180b400c04fd430c8","gu":"서울특별시 강남구","delivery_type":"type-3","product":"product number 150","quantity":3,"price":12000.5,"ordered_at":"2021-01-03T10:11:12Z"}`
	csv := `6ba7b8109dad11d180b400c04fd430c8,서울특별시 강남구,type-3,product number 150,3,12000.5,2021-01-03T10:11:12Z`
	for _, c := range []struct {
		name, line string
		f          Format
	}{
		{"openx", json, Format{Kind: JSON}},
		{"hive", json, Format{Kind: JSON, JSON: JSONOptions{Hive: true}}},
		{"text", csv, Format{Kind: Text, Text: TextOptions{Delimiter: ',', NullFormat: `\N`}}},
		{"opencsv", csv, Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: ',', Quote: '"', Escape: '\\'}}},
		{"opencsv quoted", `"` + strings.ReplaceAll(csv, ",", `","`) + `"`, Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: ',', Quote: '"', Escape: '\\'}}},
		{"regex", csv, Format{Kind: Regex, Regex: RegexOptions{Pattern: strings.Repeat("([^,]*),", 6) + "(.*)"}}},
		{"grok", csv, Format{Kind: Grok, Grok: GrokOptions{Format: `^%{DATA:a},%{DATA:b},%{NOTSPACE:c},%{DATA:d},%{INT:e},%{NUMBER:f},%{TIMESTAMP_ISO8601:g}$`}}},
	} {
		all := columnsOf(b, benchOrder...)
		for _, columns := range [][]Column{all[1:2], all} {
			b.Run(fmt.Sprintf("%s/%d columns", c.name, len(columns)), func(b *testing.B) {
				d, err := c.f.NewRowDecoder(columns, len(all))
				require.NoError(b, err)
				vectors := make([]*Vector, len(columns))
				for i, col := range columns {
					vectors[i] = NewVector(col.Type)
				}
				line := []byte(c.line)
				b.SetBytes(int64(len(line)))
				b.ReportAllocs()
				for b.Loop() {
					if vectors[0].Rows == BatchRows {
						for _, v := range vectors {
							v.Reset()
						}
					}
					if err := d.Decode(line, vectors); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
