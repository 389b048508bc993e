package duckdbudf

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/types"
)

// scalarCast gives the text of a token, which is not null, as a value of a
// scalar type: the text of CAST(value AS varchar), but for doubles any that
// DuckDB reads as the same number. Its castError has no reason where Trino
// gives the whole JSON as the reason.
func scalarCast(t types.Type, tok token) (string, error) {
	if tok.kind == jsonArray || tok.kind == jsonObject {
		return "", badCast("")
	}
	switch t.Kind {
	case types.Boolean:
		return booleanOfJSON(tok)
	case types.TinyInt, types.SmallInt, types.Integer, types.BigInt:
		return integerOfJSON(t, tok)
	case types.Real:
		return floatOfJSON(tok, "REAL", 32)
	case types.Double:
		return floatOfJSON(tok, "DOUBLE", 64)
	case types.Decimal:
		return decimalOfJSON(t, tok)
	case types.JSON:
		return jsonOfToken(tok)
	}
	return textOfJSON(t, tok)
}

// textOfJSON fails for a text that is too long with the error that Trino's own
// check of its values has.
func textOfJSON(t types.Type, tok token) (string, error) {
	text := javaText(tok.text)
	if tok.kind == jsonFloat {
		f, err := parseDouble(text)
		if err != nil {
			return "", err
		}
		text = string(types.AppendDoubleVarchar(nil, f))
	}
	if t.Precision != types.UnboundedLength && utf8.RuneCountInString(text) > t.Precision {
		return "", failure("GENERIC_INTERNAL_ERROR", "Value [%s] does not fit in type %s", text, t)
	}
	return text, nil
}

func jsonOfToken(tok token) (string, error) {
	if tok.kind == jsonString {
		return string(appendString(nil, tok.text)), nil
	}
	return tok.text, nil
}

var booleanTexts = map[string]string{"t": "true", "true": "true", "1": "true", "f": "false", "false": "false", "0": "false"}

func booleanOfJSON(tok token) (string, error) {
	switch tok.kind {
	case jsonString:
		text, ok := booleanTexts[strings.ToLower(tok.text)]
		if !ok {
			return "", badCast("Cannot cast '%s' to BOOLEAN", tok.text)
		}
		return text, nil
	case jsonInt:
		n, err := strconv.ParseInt(tok.text, 10, 64)
		if err != nil {
			return "", badCast("")
		}
		return strconv.FormatBool(n != 0), nil
	case jsonFloat:
		f, err := parseDouble(tok.text)
		return strconv.FormatBool(f != 0), err
	}
	return tok.text, nil
}

// integerBits are the widths of the integers, integerNames their names in
// Trino's messages about text.
var (
	integerBits  = map[types.Kind]int{types.TinyInt: 8, types.SmallInt: 16, types.Integer: 32, types.BigInt: 64}
	integerNames = map[types.Kind]string{types.TinyInt: "TINYINT", types.SmallInt: "SMALLINT", types.Integer: "INT", types.BigInt: "BIGINT"}
)

func integerOfJSON(t types.Type, tok token) (string, error) {
	bits := integerBits[t.Kind]
	switch tok.kind {
	case jsonTrue:
		return "1", nil
	case jsonFalse:
		return "0", nil
	case jsonString:
		n, err := strconv.ParseInt(tok.text, 10, bits)
		if err != nil {
			return "", badCast("Cannot cast '%s' to %s", tok.text, integerNames[t.Kind])
		}
		return strconv.FormatInt(n, 10), nil
	case jsonInt:
		n, err := strconv.ParseInt(tok.text, 10, bits)
		if err != nil {
			return "", badCast("")
		}
		return strconv.FormatInt(n, 10), nil
	}
	f, err := parseDouble(tok.text)
	if err != nil {
		return "", err
	}
	limit := math.Ldexp(1, bits-1)
	f = math.Round(f) // half away from zero
	if f < -limit || f >= limit {
		return "", badCast("Unable to cast %s to %s", types.AppendDouble(nil, f), t)
	}
	return strconv.FormatInt(int64(f), 10), nil
}

// parseDouble overflows to infinity, as Java does.
func parseDouble(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, errJSON
	}
	return f, nil
}

// javaFloat is what Java's parseDouble takes, blanks around it apart.
var javaFloat = regexp.MustCompile(`^[+-]?(NaN|Infinity|(([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[dDfF]?)$`)

func floatOfJSON(tok token, name string, bits int) (string, error) {
	text := tok.text
	switch tok.kind {
	case jsonTrue:
		return "1", nil
	case jsonFalse:
		return "0", nil
	case jsonString:
		text = strings.Trim(text, javaBlanks)
		if !javaFloat.MatchString(text) {
			return "", badCast("Cannot cast '%s' to %s", tok.text, name)
		}
		if !strings.HasSuffix(text, "y") {
			text = strings.TrimRight(text, "dDfF")
		}
		text = strings.TrimSuffix(text, ".")
		if strings.HasSuffix(text, "NaN") {
			return "nan", nil
		}
	}
	f, err := strconv.ParseFloat(text, bits)
	switch {
	case math.IsInf(f, 1):
		return "inf", nil
	case math.IsInf(f, -1):
		return "-inf", nil
	case err != nil:
		return "", badCast("Cannot cast '%s' to %s", tok.text, name)
	}
	return strconv.FormatFloat(f, 'e', -1, bits), nil
}

// javaBlanks are what Java's trim removes.
const javaBlanks = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "

var javaDecimal = regexp.MustCompile(`^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,10}))?$`)

// decimalOfJSON rounds half up.
func decimalOfJSON(t types.Type, tok token) (string, error) {
	text := tok.text
	switch tok.kind {
	case jsonTrue:
		text = "1"
	case jsonFalse:
		text = "0"
	}
	m := javaDecimal.FindStringSubmatch(text)
	if m == nil || m[2]+m[3] == "" {
		return "", badCast("")
	}
	exponent, _ := strconv.Atoi(m[4])
	if exponent < math.MinInt32 || exponent > math.MaxInt32 {
		return "", badCast("")
	}
	unscaled, ok := rescale(m[2]+m[3], exponent-len(m[3])+t.Scale)
	if !ok || len(unscaled) > t.Precision {
		return "", badCast("Cannot cast input json to DECIMAL(%d,%d)", t.Precision, t.Scale)
	}
	if m[1] == "-" {
		return "-" + placePoint(unscaled, t.Scale), nil
	}
	return placePoint(unscaled, t.Scale), nil
}

// rescale is digits times 10 to the power of shift, rounded half up, without
// leading zeros; it is false where that is longer than any decimal.
func rescale(digits string, shift int) (string, bool) {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return "0", true
	case len(digits)+shift > types.MaxDecimalPrecision+1:
		return "", false
	case shift >= 0:
		return digits + strings.Repeat("0", shift), true
	case len(digits)+shift < 0:
		return "0", true
	}
	cut := len(digits) + shift
	n, _ := new(big.Int).SetString("0"+digits[:cut], 10)
	if digits[cut] >= '5' {
		n.Add(n, big.NewInt(1))
	}
	return n.String(), true
}

// placePoint puts the point before the last scale digits.
func placePoint(unscaled string, scale int) string {
	if scale == 0 {
		return unscaled
	}
	if missing := scale + 1 - len(unscaled); missing > 0 {
		unscaled = strings.Repeat("0", missing) + unscaled
	}
	return unscaled[:len(unscaled)-scale] + "." + unscaled[len(unscaled)-scale:]
}
