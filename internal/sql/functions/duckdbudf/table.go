package duckdbudf

import (
	"crypto/sha512"
	"database/sql/driver"
	"errors"

	"github.com/scopsdb/scops/internal/sql/types"
)

var udfs = []udf{
	{name: "scops_double_text", in: in(double), out: text, run: func(a []driver.Value) (any, error) {
		return string(types.AppendDoubleVarchar(nil, a[0].(float64))), nil
	}},
	{name: "scops_real_text", in: in(real), out: text, run: func(a []driver.Value) (any, error) {
		return string(types.AppendRealVarchar(nil, a[0].(float32))), nil
	}},
	{name: "scops_plain_decimal", in: in(text), out: text, text: plainDecimal},
	{name: "scops_sha512", in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		sum := sha512.Sum512(a[0].([]byte))
		return sum[:], nil
	}},
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
	{name: "scops_json_parse", in: in(text), out: text, maybe: jsonParse},
	{name: "scops_json_try_parse", in: in(text), out: text, maybe: jsonTryParse},
	{name: "scops_json_cast", in: in(text, text), out: text, compile: compileJSONCast},
	{name: "scops_json_try_cast", in: in(text, text), out: text, compile: compileJSONTryCast},
	{name: "scops_json_quote", in: in(text), out: text, text: jsonQuote},
	{name: "scops_json_double", in: in(double), out: text, run: func(a []driver.Value) (any, error) {
		return jsonFloatText(a[0].(float64), types.AppendDouble(nil, a[0].(float64))), nil
	}},
	{name: "scops_json_real", in: in(real), out: text, run: func(a []driver.Value) (any, error) {
		return jsonFloatText(float64(a[0].(float32)), types.AppendText(nil, types.RealType, a[0])), nil
	}},
	{name: "scops_json_decimal", in: in(text), out: text, text: jsonDecimal},
	{name: "scops_java_order", in: in(text), out: text, text: javaOrder},
	{name: "scops_json_array_get", in: in(text, bigint), out: text, run: jsonArrayGet},
	{name: "scops_json_path", in: in(text, text), out: text, compile: compileJSONPath},
	{name: "scops_json_path_with", in: in(text, text, text), out: text, run: jsonPathWith},
	{name: "scops_json_formatted", in: in(text), out: text, maybe: jsonFormatted},
	{name: "scops_json_object", in: in(text, text), out: text, run: makeJSONObject},
	{name: "scops_json_array_length", in: in(text), out: bigint, run: jsonArrayLength},
	{name: "scops_json_size", in: in(text, text), out: bigint, run: jsonSize},
	{name: "scops_json_has", in: in(text, text), out: boolean, run: jsonHas},
	{name: "scops_json_is_scalar", in: in(text), out: boolean, run: jsonIsScalar},
	{name: "scops_fail", in: in(text), out: boolean, run: func(a []driver.Value) (any, error) {
		return nil, errors.New(a[0].(string))
	}},
}

func in(types ...kind) []kind { return types }
