package duckdbudf

import (
	"crypto/sha512"
	"database/sql/driver"
	"encoding/base64"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/types"
)

const (
	text    = duckdb.TYPE_VARCHAR
	bigint  = duckdb.TYPE_BIGINT
	boolean = duckdb.TYPE_BOOLEAN
	blob    = duckdb.TYPE_BLOB
)

var udfs = []udf{
	{name: "scops_double_text", in: in(duckdb.TYPE_DOUBLE), out: text, run: func(a []driver.Value) (any, error) {
		return string(types.AppendDoubleVarchar(nil, a[0].(float64))), nil
	}},
	{name: "scops_real_text", in: in(duckdb.TYPE_FLOAT), out: text, run: func(a []driver.Value) (any, error) {
		return string(types.AppendRealVarchar(nil, a[0].(float32))), nil
	}},
	{name: "scops_plain_decimal", in: in(text), out: text, text: plainDecimal},
	{name: "scops_levenshtein", in: in(text, text), out: bigint, run: func(a []driver.Value) (any, error) {
		return levenshtein([]rune(a[0].(string)), []rune(a[1].(string))), nil
	}},
	{name: "scops_sha512", in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		sum := sha512.Sum512(a[0].([]byte))
		return sum[:], nil
	}},
	{name: "scops_from_base64", in: in(text), out: blob, run: fromBase64},
	{name: "scops_url_protocol", in: in(text), out: text, run: urlPart(func(u javaURI) any { return u.scheme })},
	{name: "scops_url_host", in: in(text), out: text, run: urlPart(javaURI.host)},
	{name: "scops_url_path", in: in(text), out: text, run: urlPart(func(u javaURI) any { return decodePercent(u.path) })},
	{name: "scops_url_query", in: in(text), out: text, run: urlPart(func(u javaURI) any { return decodePercent(u.query) })},
	{name: "scops_url_fragment", in: in(text), out: text, run: urlPart(func(u javaURI) any { return decodePercent(u.fragment) })},
	{name: "scops_url_port", in: in(text), out: bigint, run: urlPart(javaURI.portOrNil)},
	{name: "scops_url_parameter", in: in(text, text), out: text, run: urlParameter},
	{name: "scops_url_encode", in: in(text), out: text, text: urlEncode},
	{name: "scops_url_decode", in: in(text), out: text, run: urlDecode},
	{name: "scops_json_scalar", in: in(text, text), out: text, atPath: (*scanner).scalar},
	{name: "scops_json_extract", in: in(text, text), out: text, atPath: (*scanner).extract},
	{name: "scops_json_parse", in: in(text), out: text, run: jsonParse},
	{name: "scops_json_array_length", in: in(text), out: bigint, run: jsonArrayLength},
	{name: "scops_json_size", in: in(text, text), out: bigint, run: jsonSize},
	{name: "scops_json_has", in: in(text, text), out: boolean, run: jsonHas},
	{name: "scops_json_is_scalar", in: in(text), out: boolean, run: jsonIsScalar},
	{name: "scops_json_to_text", in: in(text), out: text, run: jsonToText},
}

func in(types ...duckdb.Type) []duckdb.Type { return types }

// fromBase64 takes what Java's basic decoder takes: padding may be missing,
// other characters may not stand in it.
func fromBase64(a []driver.Value) (any, error) {
	s := a[0].(string)
	decode := base64.StdEncoding
	if len(s)%4 != 0 {
		decode = base64.RawStdEncoding
	}
	for i := range len(s) {
		if s[i] == '\n' || s[i] == '\r' {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Illegal base64 character %x", s[i])
		}
	}
	b, err := decode.DecodeString(s)
	if err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
	}
	return b, nil
}

// levenshtein counts code points.
func levenshtein(a, b []rune) int64 {
	row := make([]int64, len(b)+1)
	for j := range row {
		row[j] = int64(j)
	}
	for i := range a {
		diagonal := row[0]
		row[0] = int64(i + 1)
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
