package functions

import "github.com/scopsdb/scops/internal/sql/types"

const urlFamily = "URL"

var urls = []Function{
	urlPart("protocol", "Scheme of a URL.", "varchar(x)"),
	urlPart("host", "Host of a URL.", "varchar(x)"),
	urlPart("path", "Path of a URL, decoded.", "varchar(x)"),
	urlPart("query", "Query of a URL, decoded.", "varchar(x)"),
	urlPart("fragment", "Fragment of a URL, decoded.", "varchar(x)"),
	urlPart("port", "Port of a URL; NULL where it gives none.", "bigint"),
	{Name: "url_extract_parameter", OwnNulls: true, Doc: "Decoded value of the first query parameter of a name; NULL where there is none.",
		Example: "url_extract_parameter('http://example.com/?a=b', 'a') = 'b'",
		Sigs:    []Signature{{Text: "(varchar(x), varchar(y)) -> varchar(x)", Emit: T("scops_url_parameter($1, $2)")}}},
	{Name: "url_encode", Doc: "Escapes a text for a query parameter.", Example: "url_encode('a b') = 'a+b'",
		Sigs: []Signature{{Text: "(varchar(x)) -> varchar", Emit: T("scops_url_encode($1)"), Return: encodedType}}},
	{Name: "url_decode", Doc: "Undoes url_encode.", Example: "url_decode('a+b') = 'a b'",
		Sigs: []Signature{{Text: "(varchar(x)) -> varchar(x)", Emit: T("scops_url_decode($1)")}}},
}

func urlPart(part, doc, result string) Function {
	call := "scops_url_" + part + "($1)"
	return Function{Name: "url_extract_" + part, Doc: doc + " NULL where it is no URL.", OwnNulls: true,
		Example: "url_extract_" + part + "('http://example.com:80/a?b=c#d')",
		Sigs:    []Signature{{Text: "(varchar(x)) -> " + result, Emit: T(call)}}}
}

// encodedType is Trino's bound on the length of an escaped text.
func encodedType(c *Call) types.Type {
	const longest = 12 // three escapes for each of four bytes
	if n := c.Types[0].Precision; n != types.UnboundedLength && n*longest <= types.MaxVarcharLength {
		return types.VarcharType(n * longest)
	}
	return types.VarcharUnbounded
}
