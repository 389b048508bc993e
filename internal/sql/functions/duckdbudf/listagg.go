package duckdbudf

import (
	"database/sql/driver"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/functions"
)

const longestFiller = 65536

// listaggTruncated is LISTAGG with ON OVERFLOW TRUNCATE: values while they fit,
// then the filler and, where wanted, the number of values left out.
func listaggTruncated(args []driver.Value) (any, error) {
	values, separator, filler := elements[string](args[0]), args[1].(string), args[2].(string)
	if len(filler) > longestFiller {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Overflow filler length %d exceeds maximum length %d", len(filler), longestFiller)
	}
	var b strings.Builder
	for i, v := range values {
		need := len(v)
		if i > 0 {
			need += len(separator)
		}
		if b.Len()+need > functions.LongestListagg {
			if i > 0 {
				b.WriteString(separator)
			}
			b.WriteString(filler)
			if args[3].(bool) {
				b.WriteString("(" + strconv.Itoa(len(values)-i) + ")")
			}
			break
		}
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(v)
	}
	return b.String(), nil
}
