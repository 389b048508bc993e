package functions

const binaryFamily = "binary"

var binaries = []Function{
	{Name: "to_hex", Doc: "Hexadecimal text, upper case.", Example: "to_hex(to_utf8('a')) = '61'",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("hex($1)")}}},
	{Name: "from_hex", Doc: "Bytes of hexadecimal text.", Example: "from_hex('61')",
		Sigs: textOrBinary("(CASE WHEN regexp_full_match($1, '([0-9a-fA-F]{2})*') THEN unhex($1) WHEN $1 IS NOT NULL THEN "+
			raise(invalidArgument, "The input to from_hex must be hexadecimal digits, two for each byte")+" END)", "scops_from_hex($1)")},
	hash("md5", "MD5 hash.", "unhex(md5($1))"),
	hash("sha1", "SHA-1 hash.", "unhex(sha1($1))"),
	hash("sha256", "SHA-256 hash.", "unhex(sha256($1))"),
	hash("sha512", "SHA-512 hash.", "scops_sha512($1)"),
	hash("xxhash64", "XXH64 hash.", "scops_xxhash64($1)"),
	hash("murmur3", "Murmur3 hash of 128 bits.", "scops_murmur3($1)"),
	hash("spooky_hash_v2_32", "SpookyHash V2 of 32 bits.", "scops_spooky32($1)"),
	hash("spooky_hash_v2_64", "SpookyHash V2 of 64 bits.", "scops_spooky64($1)"),
	{Name: "crc32", Doc: "CRC-32.", Example: "crc32(to_utf8('a'))",
		Sigs: []Signature{{Text: "(varbinary) -> bigint", Emit: T("scops_crc32($1)")}}},
	hmac("md5"), hmac("sha1"), hmac("sha256"), hmac("sha512"),
	{Name: "to_base64", Doc: "Base64 text.", Example: "to_base64(to_utf8('a')) = 'YQ=='",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("to_base64($1)")}}},
	{Name: "from_base64", Doc: "Bytes of base64 text.", Example: "from_base64('YQ==')",
		Sigs: textOrBinary("scops_from_base64(encode($1))", "scops_from_base64($1)")},
	{Name: "to_base64url", Doc: "Base64 text of the alphabet for URLs.", Example: "to_base64url(X'fb') = '-w=='",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("scops_to_base64url($1)")}}},
	{Name: "from_base64url", Doc: "Bytes of base64 text of the alphabet for URLs.", Example: "from_base64url('-w==')",
		Sigs: textOrBinary("scops_from_base64url(encode($1))", "scops_from_base64url($1)")},
	{Name: "to_base32", Doc: "Base32 text.", Example: "to_base32(to_utf8('a')) = 'ME======'",
		Sigs: []Signature{{Text: "(varbinary) -> varchar", Emit: T("scops_to_base32($1)")}}},
	{Name: "from_base32", Doc: "Bytes of base32 text.", Example: "from_base32('ME======')",
		Sigs: textOrBinary("scops_from_base32(encode($1))", "scops_from_base32($1)")},
	{Name: "to_utf8", Doc: "Bytes of a text.", Example: "to_utf8('a')",
		Sigs: []Signature{{Text: "(varchar(x)) -> varbinary", Emit: T("encode($1)")}}},
	{Name: "from_utf8", Doc: "Text of UTF-8 bytes; the replacement, U+FFFD unless given, for invalid ones.", Example: "from_utf8(X'61') = 'a'",
		Sigs: []Signature{
			{Text: "(varbinary) -> varchar", Emit: T("scops_from_utf8($1, chr(65533))")},
			{Text: "(varbinary, varchar(x)) -> varchar", Emit: T("scops_from_utf8($1, $2)")},
			{Text: "(varbinary, bigint) -> varchar", Emit: T(strict(2, "WHEN $2 BETWEEN 0 AND 55295 OR $2 BETWEEN 57344 AND 1114111 THEN scops_from_utf8($1, chr(CAST($2 AS INTEGER))) ELSE "+
				raise(invalidArgument, "Invalid replacement character")))},
		}},
	{Name: "to_big_endian_64", Doc: "Eight bytes of a number.", Example: "to_big_endian_64(1)",
		Sigs: []Signature{{Text: "(bigint) -> varbinary", Emit: T("scops_to_big_endian_64($1)")}}},
	{Name: "from_big_endian_64", Doc: "Number of eight bytes.", Example: "from_big_endian_64(X'0000000000000001') = 1",
		Sigs: []Signature{{Text: "(varbinary) -> bigint", Emit: T("scops_from_big_endian_64($1)")}}},
	{Name: "to_big_endian_32", Doc: "Four bytes of a number.", Example: "to_big_endian_32(1)",
		Sigs: []Signature{{Text: "(integer) -> varbinary", Emit: T("scops_to_big_endian_32($1)")}}},
	{Name: "from_big_endian_32", Doc: "Number of four bytes.", Example: "from_big_endian_32(X'00000001') = 1",
		Sigs: []Signature{{Text: "(varbinary) -> integer", Emit: T("scops_from_big_endian_32($1)")}}},
	{Name: "to_ieee754_64", Doc: "Eight bytes of a double.", Example: "to_ieee754_64(1.0)",
		Sigs: []Signature{{Text: "(double) -> varbinary", Emit: T("scops_to_ieee754_64($1)")}}},
	{Name: "from_ieee754_64", Doc: "Double of eight bytes.", Example: "from_ieee754_64(X'3ff0000000000000') = 1.0",
		Sigs: []Signature{{Text: "(varbinary) -> double", Emit: T("scops_from_ieee754_64($1)")}}},
	{Name: "to_ieee754_32", Doc: "Four bytes of a real.", Example: "to_ieee754_32(REAL '1')",
		Sigs: []Signature{{Text: "(real) -> varbinary", Emit: T("scops_to_ieee754_32($1)")}}},
	{Name: "from_ieee754_32", Doc: "Real of four bytes.", Example: "from_ieee754_32(X'3f800000') = 1.0",
		Sigs: []Signature{{Text: "(varbinary) -> real", Emit: T("scops_from_ieee754_32($1)")}}},
}

func hash(name, doc, template string) Function {
	return Function{Name: name, Doc: doc, Example: name + "(to_utf8('a'))",
		Sigs: []Signature{{Text: "(varbinary) -> varbinary", Emit: T(template)}}}
}

func hmac(name string) Function {
	return Function{Name: "hmac_" + name, Doc: "HMAC of data and a key.", Example: "hmac_" + name + "(to_utf8('a'), to_utf8('key'))",
		Sigs: []Signature{{Text: "(varbinary, varbinary) -> varbinary", Emit: T("scops_hmac_" + name + "($1, $2)")}}}
}

// textOrBinary are the signatures of a decoder.
func textOrBinary(ofText, ofBinary string) []Signature {
	return []Signature{
		{Text: "(varchar(x)) -> varbinary", Emit: T(ofText)},
		{Text: "(varbinary) -> varbinary", Emit: T(ofBinary)},
	}
}
