package duckdbudf

import "github.com/duckdb/duckdb-go/v2"

// kind makes the DuckDB type of an argument or a result.
type kind func() (duckdb.TypeInfo, error)

// The kinds, with the Go value that an argument of each has.
var (
	text    = plain(duckdb.TYPE_VARCHAR) // string
	boolean = plain(duckdb.TYPE_BOOLEAN) // bool
	tinyint = plain(duckdb.TYPE_TINYINT) // int8
	integer = plain(duckdb.TYPE_INTEGER) // int32
	bigint  = plain(duckdb.TYPE_BIGINT)  // int64
	real    = plain(duckdb.TYPE_FLOAT)   // float32
	double  = plain(duckdb.TYPE_DOUBLE)  // float64
	blob    = plain(duckdb.TYPE_BLOB)    // []byte
	hugeint = plain(duckdb.TYPE_HUGEINT) // *big.Int
)

func plain(t duckdb.Type) kind {
	return func() (duckdb.TypeInfo, error) { return duckdb.NewTypeInfo(t) }
}

// list is a LIST: []any, with nil for NULL.
func list(element kind) kind {
	return func() (duckdb.TypeInfo, error) {
		info, err := element()
		if err != nil {
			return nil, err
		}
		return duckdb.NewListInfo(info)
	}
}

// mapOf is a MAP: duckdb.Map.
func mapOf(key, value kind) kind {
	return func() (duckdb.TypeInfo, error) {
		k, err := key()
		if err != nil {
			return nil, err
		}
		v, err := value()
		if err != nil {
			return nil, err
		}
		return duckdb.NewMapInfo(k, v)
	}
}
