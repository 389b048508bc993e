package functions

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const stringFamily = "string"

// javaWhitespace are the characters that Java's isWhitespace takes, which trim
// removes.
const javaWhitespace = "\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"

var strs = []Function{
	{Name: "length", Doc: "Number of code points; of binary data, bytes.", Example: "length('한글') = 2",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> bigint", Emit: T("length($1)")},
			{Text: "(char(x)) -> bigint", Emit: T("length($1)")},
			{Text: "(varbinary) -> bigint", Emit: T("octet_length($1)")},
		}},
	{Name: "lower", Doc: "Lower case.", Example: "lower('ABC') = 'abc'", Sigs: textToSame("lower($1)")},
	{Name: "upper", Doc: "Upper case, letter by letter.", Example: "upper('abc') = 'ABC'",
		// DuckDB has a capital ß, Java's Character.toUpperCase leaves it.
		Sigs: textToSame("(CASE WHEN contains($1, 'ß') THEN array_to_string(list_transform(string_split($1, 'ß'), lambda scops_s: upper(scops_s)), 'ß') ELSE upper($1) END)")},
	trim("trim", "Removes white space, or the given characters, at both ends."),
	trim("ltrim", "Removes white space, or the given characters, at the start."),
	trim("rtrim", "Removes white space, or the given characters, at the end."),
	{Name: "substring", Doc: "Part from a position, counted from 1 or from the end; '' outside.", Example: "substring('hello', 2, 3) = 'ell'", Sigs: substrings()},
	{Name: "substr", Doc: "As substring; of bytes too.", Example: "substr('hello', 2, 3) = 'ell'",
		Sigs: append(substrings(),
			Signature{Text: "(varbinary, bigint) -> varbinary", Emit: T("scops_substr_binary($1, $2, 2147483647)")},
			Signature{Text: "(varbinary, bigint, bigint) -> varbinary", Emit: T("scops_substr_binary($1, $2, $3)")})},
	{Name: "concat", Doc: "Joins texts, binaries or arrays; NULL if one is.", Example: "concat('a', 'b') = 'ab'",
		Sigs: []Signature{
			{Text: "(varchar, varchar, varchar...) -> varchar", Emit: joined},
			{Text: "(varchar) -> varchar", Emit: joined, Check: tooFew},
			{Text: "(varbinary) -> varbinary", Emit: joined, Check: tooFew},
			{Text: "(varbinary, varbinary, varbinary...) -> varbinary", Emit: joined},
			{Text: "(char(x), char(y)) -> char(x)", Emit: joined, Return: joinedCharType, Check: joinedCharFits},
			{Text: "(array(T), array(T), array(T)...) -> array(T)", Emit: concatArrays},
			{Text: "(array(T), T) -> array(T)", Emit: appendElement},
			{Text: "(T, array(T)) -> array(T)", Emit: T(withElement("list_prepend"))},
		}},
	{Name: "concat_ws", OwnNulls: true, Doc: "Joins texts, or the texts of an array, by a separator; NULL is skipped.", Example: "concat_ws(',', 'a', 'b') = 'a,b'",
		Sigs: []Signature{
			{Text: "(varchar, varchar, varchar...) -> varchar", Emit: T("concat_ws($*)")},
			{Text: "(varchar) -> varchar", Emit: joined, Check: tooFew},
			{Text: "(varchar, array(varchar)) -> varchar", Emit: T("scops_join($1, $2)")},
		}},
	{Name: "replace", Doc: "Replaces every occurrence.", Example: "replace('aba', 'a', 'x') = 'xbx'",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar(y)) -> varchar(x)", Emit: T("replace($1, $2, '')")},
			{Text: "(varchar(x), varchar(y), varchar(z)) -> varchar(x)", Emit: replaceText, Return: replacedType},
		}},
	{Name: "reverse", Doc: "Code points, or elements of an array, in reverse order.", Example: "reverse('abc') = 'cba'",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> varchar(x)", Emit: T("(CASE WHEN octet_length(encode($1)) = length($1) THEN reverse($1) ELSE array_to_string(list_reverse(string_split($1, '')), '') END)")},
			{Text: "(varbinary) -> varbinary", Emit: T("scops_reverse_binary($1)")},
			{Text: "(array(T)) -> array(T)", Emit: T("list_reverse($1)")},
		}},
	{Name: "split", Doc: "Parts between delimiters, at most limit of them.", Example: "split('a,b', ',')",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar(y)) -> array(varchar(x))", Emit: T(strict(2, "WHEN $2 = '' THEN "+emptyDelimiter+" ELSE string_split($1, $2)"))},
			{Text: "(varchar(x), varchar(y), bigint) -> array(varchar(x))", Emit: T(strict(3, "WHEN $2 = '' THEN "+emptyDelimiter+
				" WHEN $3 <= 0 THEN "+raise(invalidArgument, "Limit must be positive")+
				" WHEN $3 > 2147483647 THEN "+raise(invalidArgument, "Limit is too large")+
				" WHEN len(string_split($1, $2)) <= $3 THEN string_split($1, $2) ELSE list_append(list_slice(string_split($1, $2), 1, $3 - 1), "+joinList("list_slice(string_split($1, $2), $3, len(string_split($1, $2)))", "$2")+")"))},
		}},
	{Name: "split_part", Doc: "The nth part between delimiters, from 1; NULL beyond the last.", Example: "split_part('a,b', ',', 2) = 'b'",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y), bigint) -> varchar(x)", Emit: T(strict(3, "WHEN $3 <= 0 THEN "+raise(invalidArgument, "Index must be greater than zero")+
			" WHEN $2 = '' THEN CASE WHEN $3 <= length($1) THEN substring($1, $3, 1) END ELSE string_split($1, $2)[$3]"))}}},
	{Name: "strpos", Aliases: []string{"position"}, Doc: "Position of a text in another, or of its nth occurrence, from the end where n < 0; 0 where it is not.", Example: "strpos('abc', 'b') = 2",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar(y)) -> bigint", Emit: T("strpos($1, $2)")},
			{Text: "(varchar(x), varchar(y), bigint) -> bigint", Emit: T("scops_strpos($1, $2, $3)")},
		}},
	{Name: "starts_with", Doc: "Whether a text begins with another.", Example: "starts_with('abc', 'ab')",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> boolean", Emit: T("starts_with($1, $2)")}}},
	pad("lpad", "Pads at the start, or cuts, to a length."),
	pad("rpad", "Pads at the end, or cuts, to a length."),
	{Name: "chr", Doc: "Character of a code point.", Example: "chr(65) = 'A'",
		Sigs: []Signature{{Text: "(bigint) -> varchar(1)", Emit: T("(CASE WHEN $1 BETWEEN 0 AND 55295 OR $1 BETWEEN 57344 AND 1114111 THEN chr(CAST($1 AS INTEGER)) WHEN $1 IS NOT NULL THEN " +
			raiseWith(invalidArgument, "Not a valid Unicode code point: %s", "$1") + " END)")}}},
	{Name: "codepoint", Doc: "Code point of a single character.", Example: "codepoint('A') = 65",
		Sigs: []Signature{{Text: "(varchar(1)) -> integer", Emit: T("(CASE WHEN length($1) = 1 THEN unicode($1) WHEN $1 IS NOT NULL THEN " +
			raise(invalidArgument, "Input string must be a single character string") + " END)")}}},
	{Name: "levenshtein_distance", Doc: "Number of code points to change, insert or delete.", Example: "levenshtein_distance('kitten', 'sitting') = 3",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> bigint", Emit: T("scops_levenshtein($1, $2)")}}},
	{Name: "translate", Doc: "Replaces single characters.", Example: "translate('abcd', 'ab', 'x') = 'xcd'",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y), varchar(z)) -> varchar", Emit: T("scops_translate($1, $2, $3)")}}},
	{Name: "hamming_distance", Doc: "Number of places where two texts of one length differ.", Example: "hamming_distance('abc', 'abd') = 1",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> bigint", Emit: T("scops_hamming($1, $2)")}}},
	{Name: "soundex", Doc: "American Soundex code.", Example: "soundex('hello') = 'H400'",
		Sigs: []Signature{{Text: "(varchar) -> varchar(4)", Emit: T("scops_soundex($1)")}}},
	{Name: "normalize", Doc: "Unicode normal form: NFC, NFD, NFKC or NFKD.", Example: "normalize('é', NFD)",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> varchar", Emit: T("scops_normalize($1, $2)")}}},
	{Name: "luhn_check", Doc: "Whether the last digit is the check digit of the others.", Example: "luhn_check('79927398713')",
		Sigs: []Signature{{Text: "(varchar) -> boolean", Emit: T("scops_luhn_check($1)")}}},
	{Name: "word_stem", Doc: "Snowball stem of a word, in English or the language: da, nl, en, fi, fr, de, hu, ir, it, no, pt, ro, ru, es, sv or tr.", Example: "word_stem('running') = 'run'",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> varchar(x)", Emit: T("scops_word_stem($1, 'en')")},
			{Text: "(varchar(x), varchar(2)) -> varchar(x)", Emit: T("scops_word_stem($1, $2)")},
		}},
}

func tooFew(*Call) *Error {
	return refuse(invalidArgument, "There must be two or more concatenation arguments")
}

// joinedCharType is as long as both.
func joinedCharType(c *Call) types.Type {
	return types.CharType(c.Types[0].Precision + c.Types[1].Precision)
}

func joinedCharFits(c *Call) *Error {
	if t := joinedCharType(c); t.Precision > types.MaxCharLength {
		return refuse("TYPE_NOT_FOUND", "Unknown type: %s", t)
	}
	return nil
}

// substrings are the signatures of substring and substr.
func substrings() []Signature {
	return []Signature{
		{Text: "(varchar(x), bigint) -> varchar(x)", Emit: substring},
		{Text: "(char(x), bigint) -> varchar(x)", Emit: substring},
		{Text: "(varchar(x), bigint, bigint) -> varchar(x)", Emit: substring},
		{Text: "(char(x), bigint, bigint) -> varchar(x)", Emit: substring},
	}
}

var emptyDelimiter = raise(invalidArgument, "The delimiter may not be the empty string")

// textToSame are the signatures of a function that keeps the length.
func textToSame(template string) []Signature {
	return []Signature{
		{Text: "(char(x)) -> char(x)", Emit: T(template)},
		{Text: "(varchar(x)) -> varchar(x)", Emit: T(template)},
	}
}

func trim(name, doc string) Function {
	return Function{Name: name, Doc: doc, Example: name + "(' a ')", Sigs: []Signature{
		{Text: "(char(x)) -> varchar(x)", Emit: T(name + "(rtrim($1, ' '), " + quote(javaWhitespace) + ")")},
		{Text: "(char(x), varchar(y)) -> varchar(x)", Emit: T(name + "(rtrim($1, ' '), $2)")},
		{Text: "(varchar(x)) -> varchar(x)", Emit: T(name + "($1, " + quote(javaWhitespace) + ")")},
		{Text: "(varchar(x), varchar(y)) -> varchar(x)", Emit: T(name + "($1, $2)")},
	}}
}

func pad(name, doc string) Function {
	return Function{Name: name, Doc: doc, Example: name + "('a', 3, 'x')", Sigs: []Signature{
		{Text: "(varchar(x), bigint, varchar(y)) -> varchar", Emit: T(strict(3, "WHEN $2 < 0 OR $2 > 2147483647 THEN "+
			raise(invalidArgument, "Target length must be in the range [0..2147483647]")+
			" WHEN $3 = '' THEN "+raise(invalidArgument, "Padding string must not be empty")+
			" WHEN $2 > 1048576 AND $2 > length($1) THEN "+raise(notSupported, "Padding to more than 1048576 characters is not supported")+
			" ELSE "+name+"($1, CAST($2 AS INTEGER), $3)"))},
		{Text: "(varbinary, bigint, varbinary) -> varbinary", Emit: T("scops_pad_binary(" + strconv.FormatBool(name == "lpad") + ", $1, $2, $3)")},
	}}
}

// substring is plain where it starts at a literal position from the start.
func substring(c *Call) string {
	call := "substring($1, $2)"
	long := ""
	if len(c.Args) == 3 {
		call = "substring($1, $2, $3)"
		long = " OR $3 IS NULL THEN NULL WHEN $3 <= 0"
	}
	if smallPositive(c, 1) && (long == "" || smallPositive(c, 2)) {
		return expand(call, c.Args)
	}
	call = strings.NewReplacer("$2", limited("$2"), "$3", limited("$3")).Replace(call)
	return expand("(CASE WHEN $1 IS NULL OR $2 IS NULL"+orNull(long)+" THEN '' WHEN $2 = 0 OR -$2 > length($1) THEN '' ELSE "+call+" END)", c.Args)
}

// limited keeps a number within 32 bits, as Trino does; DuckDB fails beyond.
func limited(sql string) string { return "least(greatest(" + sql + ", -2147483648), 2147483647)" }

func smallPositive(c *Call, i int) bool {
	n, ok := c.Consts[i].(int64)
	return ok && n > 0 && n < 1<<31
}

func orNull(long string) string {
	if long == "" {
		return " THEN NULL WHEN false"
	}
	return long
}

func joined(c *Call) string { return "(" + strings.Join(c.Args, " || ") + ")" }

// joinList joins a list of texts without NULL. DuckDB's array_to_string wants a
// constant separator.
func joinList(list, separator string) string {
	return "array_to_string(list_transform(" + list + ", lambda scops_p, scops_j: CASE WHEN scops_j > 1 THEN " + separator + " || scops_p ELSE scops_p END), '')"
}

func concatArrays(c *Call) string {
	nulls := ""
	out := c.Args[0]
	for i, a := range c.Args {
		if i > 0 {
			out = "list_concat(" + out + ", " + a + ")"
			nulls += " AND "
		}
		nulls += a + " IS NOT NULL"
	}
	return "(CASE WHEN " + nulls + " THEN " + out + " END)"
}

// replaceText: with an empty search Trino puts the replacement around every
// character.
func replaceText(c *Call) string {
	if s, ok := c.Consts[1].(string); ok && s != "" {
		return expand("replace($1, $2, $3)", c.Args)
	}
	return expand("(CASE WHEN $2 = '' THEN CASE WHEN $1 = '' THEN $3 ELSE $3 || "+joinList("string_split($1, '')", "$3")+" || $3 END ELSE replace($1, $2, $3) END)", c.Args)
}

// replacedType is Trino's bound on the length of a replacement.
func replacedType(c *Call) types.Type {
	x, z := c.Types[0].Precision, c.Types[2].Precision
	if x == types.UnboundedLength || z == types.UnboundedLength || x+z*(x+1) > types.MaxVarcharLength {
		return types.VarcharUnbounded
	}
	return types.VarcharType(x + z*(x+1))
}

// appendElement puts an element at the end. Trino takes ARRAY[] and NULL for
// something and NULL, which is NULL.
func appendElement(c *Call) string {
	if c.Types[1].Kind == types.Unknown {
		return "CAST(NULL AS " + duckType(c.Return) + ")"
	}
	return T(withElement("list_append"))(c)
}
