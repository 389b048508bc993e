package functions

const urlFamily = "URL"

var urls = []Function{
	urlPart("protocol", "Scheme of a URL.", "varchar(x)"),
	urlPart("host", "Host of a URL.", "varchar(x)"),
	urlPart("path", "Path of a URL, decoded.", "varchar(x)"),
	urlPart("query", "Query of a URL, decoded.", "varchar(x)"),
	urlPart("fragment", "Fragment of a URL, decoded.", "varchar(x)"),
	urlPart("port", "Port of a URL; NULL where it gives none.", "bigint"),
	{Name: "url_encode", Doc: "Escapes a text for a query parameter.", Example: "url_encode('a b') = 'a+b'",
		Sigs: []Signature{{Text: "(varchar(x)) -> varchar", Emit: T("scops_url_encode($1)")}}},
	{Name: "url_decode", Doc: "Undoes url_encode.", Example: "url_decode('a+b') = 'a b'",
		Sigs: []Signature{{Text: "(varchar(x)) -> varchar(x)", Emit: T("scops_url_decode($1)")}}},
}

func urlPart(part, doc, result string) Function {
	call := "scops_url_" + part + "($1)"
	return Function{Name: "url_extract_" + part, Doc: doc + " NULL where it is no URL.", OwnNulls: true,
		Example: "url_extract_" + part + "('http://example.com:80/a?b=c#d')",
		Sigs:    []Signature{{Text: "(varchar(x)) -> " + result, Emit: T(call)}}}
}
