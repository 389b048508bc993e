package formats

// nullInvalid is Athena's property that makes NULL of values that do not fit
// their columns. The page of the OpenX JSON SerDe has it among the SerDe's
// properties, that of the Open CSV SerDe among the table's; both places count
// for both.
// https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
// https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
const nullInvalid = "use.null.for.invalid.data"

func nullsInvalid(serde, table map[string]string) bool {
	return isTrue(serde[nullInvalid]) || isTrue(table[nullInvalid])
}

// Rollback drops rows from n on, also what a value that failed half-way has left
// in the parts.
func (v *Vector) Rollback(n int) {
	v.truncate(n)
	switch v.Type.Kind {
	case Array, Map:
		v.Lists = v.Lists[:n]
		end := 0
		if n > 0 {
			end = int(v.Lists[n-1].Offset + v.Lists[n-1].Length)
		}
		for _, c := range v.Children {
			c.Rollback(end)
		}
	case Struct:
		for _, c := range v.Children {
			c.Rollback(n)
		}
	}
}
