package duckdbudf

import (
	"database/sql/driver"
	"errors"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

var castUDFs = []udf{
	{name: "scops_java_double", in: in(double), out: text, run: func(a []driver.Value) (any, error) {
		return string(types.AppendDouble(nil, a[0].(float64))), nil
	}},
	// The value of a hexadecimal floating point number of Java's form.
	{name: "scops_hex_double", in: in(text, integer), out: double, run: func(a []driver.Value) (any, error) {
		f, err := strconv.ParseFloat(a[0].(string), int(a[1].(int32)))
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, nil
		}
		return f, nil
	}},
}
