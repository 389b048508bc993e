package functions

const binaryFamily = "binary"

var binaries = []Function{
	{Name: "to_hex", Doc: "Hexadecimal text, upper case.", Example: "to_hex(to_utf8('a')) = '61'",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("hex($1)")}}},
	{Name: "from_hex", Doc: "Bytes of hexadecimal text.", Example: "from_hex('61')",
		Sigs: []Signature{{Text: "(varchar) -> varbinary", Emit: T("(CASE WHEN regexp_full_match($1, '([0-9a-fA-F]{2})*') THEN unhex($1) WHEN $1 IS NOT NULL THEN " +
			raise(invalidArgument, "The input to from_hex must be hexadecimal digits, two for each byte") + " END)")}}},
	hash("md5", "MD5 hash.", "unhex(md5($1))"),
	hash("sha1", "SHA-1 hash.", "unhex(sha1($1))"),
	hash("sha256", "SHA-256 hash.", "unhex(sha256($1))"),
	hash("sha512", "SHA-512 hash.", "scops_sha512($1)"),
	{Name: "to_base64", Doc: "Base64 text.", Example: "to_base64(to_utf8('a')) = 'YQ=='",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("to_base64($1)")}}},
	{Name: "from_base64", Doc: "Bytes of base64 text.", Example: "from_base64('YQ==')",
		Sigs: []Signature{{Text: "(varchar) -> varbinary", Emit: T("scops_from_base64($1)")}}},
	{Name: "to_utf8", Doc: "Bytes of a text.", Example: "to_utf8('a')",
		Sigs: []Signature{{Text: "(varchar(x)) -> varbinary", Emit: T("encode($1)")}}},
	{Name: "from_utf8", Doc: "Text of UTF-8 bytes; invalid ones are an error here.", Example: "from_utf8(X'61') = 'a'",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("decode($1)")}}},
}

func hash(name, doc, template string) Function {
	return Function{Name: name, Doc: doc, Example: name + "(to_utf8('a'))",
		Sigs: []Signature{{Text: "(varbinary) -> varbinary", Emit: T(template)}}}
}
