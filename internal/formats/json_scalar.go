package formats

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
)

var (
	errNotBoolean = errors.New("not a boolean")
	errQuoted     = errors.New("a string where a number is declared")
)

// scalar appends a string, number or boolean of a JSON line.
func (d *jsonDecoder) scalar(t token, v *Vector) error {
	text := t.raw
	if t.kind == stringToken {
		var err error
		if text, err = d.stringText(t); err != nil {
			return err
		}
	} else if t.nonASCII {
		text = validText(text)
	}
	if !d.options.Hive {
		return d.scalarText(text, t.kind == stringToken, v)
	}
	if t.kind == stringToken && v.Type.isNumber() {
		return errQuoted
	}
	return d.hiveText(text, v)
}

func (t Type) isNumber() bool { return t.Kind >= TinyInt && t.Kind <= Double }

// scalarText is what the OpenX SerDe makes of a string or bare word.
func (d *jsonDecoder) scalarText(text []byte, quoted bool, v *Vector) error {
	switch v.Type.Kind {
	case String, Varchar, Char:
		if !quoted {
			text = canonicalWord(text)
		}
		appendString(v, text)
		return nil
	case TinyInt, SmallInt, Int, BigInt:
		n, err := parseOpenXInteger(text)
		if err == nil && !intRange(v.Type.Kind, n) {
			err = errOutOfRange
		}
		return appendOr(err, text, v, n)
	case Boolean:
		return appendBoolean(v, text)
	case Float, Double:
		f, err := parseFloat(text, 8*v.Type.Width())
		if err != nil {
			return textError(err, text, v.Type)
		}
		v.appendFloat(f)
		return nil
	case Decimal:
		return textError(appendDecimal(v, text), text, v.Type)
	case Date:
		n, err := parseDate(text)
		if errors.Is(err, errNotDateTime) {
			var days error
			if n, days = parseOpenXLong(text); days == nil {
				err = nil
			}
			if days == nil && !intRange(Int, n) {
				err = errOutOfRange
			}
		}
		return appendOr(err, text, v, n)
	case Timestamp:
		n, err := parseOpenXTimestamp(text)
		return appendOr(err, text, v, n)
	case Binary:
		if !quoted {
			return fmt.Errorf("%q where binary is declared", text)
		}
		b, err := base64.StdEncoding.DecodeString(string(text))
		if err != nil {
			return textError(errors.New("not base64"), text, v.Type)
		}
		v.appendText(b)
		return nil
	}
	return fmt.Errorf("type %s is not supported", v.Type)
}

// hiveText is what Hive's own JSON SerDe makes of a value's text.
func (d *jsonDecoder) hiveText(text []byte, v *Vector) error {
	switch v.Type.Kind {
	case String, Varchar, Char:
		appendString(v, text)
		return nil
	case Binary:
		v.appendText(text)
		return nil
	case Boolean:
		return appendBoolean(v, text)
	case Decimal:
		return textError(appendDecimal(v, text), text, v.Type)
	case Date:
		n, err := parseDate(text)
		return appendOr(err, text, v, n)
	case Timestamp:
		n, err := d.timestamps.parse(text)
		return appendOr(err, text, v, n)
	}
	return d.hiveNumber(text, v)
}

func (d *jsonDecoder) hiveNumber(text []byte, v *Vector) error {
	switch v.Type.Kind {
	case TinyInt, SmallInt, Int, BigInt:
		n, err := parseInt64(text)
		if errors.Is(err, errNotNumber) {
			var dec bigDecimal
			if dec, err = parseBigDecimal(text); err == nil {
				n, err = truncated(dec)
			}
		}
		if err == nil && !intRange(v.Type.Kind, n) {
			err = errOutOfRange
		}
		return appendOr(err, text, v, n)
	case Float, Double:
		f, err := parseFloat(text, 8*v.Type.Width())
		if err != nil {
			return textError(err, text, v.Type)
		}
		v.appendFloat(f)
		return nil
	}
	return d.hiveText(text, v)
}

// appendBoolean takes true and false in any case. The SerDes take everything
// else for false, which would turn a 1 or a yes into its opposite.
func appendBoolean(v *Vector, text []byte) error {
	switch {
	case bytes.EqualFold(text, []byte("true")):
		v.appendBool(true)
	case bytes.EqualFold(text, []byte("false")):
		v.appendBool(false)
	default:
		return textError(errNotBoolean, text, v.Type)
	}
	return nil
}

func appendOr(err error, text []byte, v *Vector, n int64) error {
	if err != nil {
		return textError(err, text, v.Type)
	}
	v.appendInt(n)
	return nil
}

func textError(err error, text []byte, t Type) error {
	if err == nil {
		return nil
	}
	if len(text) > 100 {
		text = append(append([]byte{}, text[:100]...), "…"...)
	}
	return fmt.Errorf("%q is no %s: %w", validText(text), t, err)
}

// parseOpenXInteger reads decimal, 0x hexadecimal and 0 octal digits; of other
// numbers the whole part.
func parseOpenXInteger(b []byte) (int64, error) {
	n, err := parseOpenXLong(b)
	if err == nil || errors.Is(err, errOutOfRange) {
		return n, err
	}
	d, err := parseBigDecimal(b)
	if err != nil {
		return 0, err
	}
	return truncated(d)
}

func parseOpenXLong(b []byte) (int64, error) {
	if len(b) < 2 || b[0] != '0' {
		return parseInt64(b)
	}
	base, digits := int64(8), b[1:]
	if b[1]|0x20 == 'x' {
		base, digits = 16, b[2:]
	} else if b[1] < '0' || b[1] > '8' {
		return parseInt64(b)
	}
	if len(digits) == 0 {
		return 0, errNotNumber
	}
	var n int64
	for _, c := range digits {
		d := int64(c - '0')
		if l := c | 0x20; l >= 'a' && l <= 'f' {
			d = int64(l-'a') + 10
		} else if c < '0' || c > '9' {
			d = base
		}
		if d >= base {
			return 0, errNotNumber
		}
		if n > (1<<63-1-d)/base {
			return 0, errOutOfRange
		}
		n = n*base + d
	}
	return n, nil
}
