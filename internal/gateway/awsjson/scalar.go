package awsjson

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"time"
	"unsafe"
)

func readString(d *decoder, p unsafe.Pointer) error {
	if d.peek() != '"' {
		return d.mismatch("a String")
	}
	s, err := d.str()
	if err != nil {
		return err
	}
	*(*string)(p) = string(s)
	return nil
}

func readBool(d *decoder, p unsafe.Pointer) error {
	d.space()
	switch {
	case d.word("true"):
		d.pos += 4
		*(*bool)(p) = true
	case d.word("false"):
		d.pos += 5
		*(*bool)(p) = false
	default:
		return d.mismatch("a Boolean")
	}
	return nil
}

// integer reads a whole number. 10, 10.0 and 1e1 are the same number in JSON.
func (d *decoder) integer(want string, bits int) (int64, error) {
	if c := d.peek(); c != '-' && (c < '0' || c > '9') {
		return 0, d.mismatch(want)
	}
	text, err := d.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(text), 10, bits)
	if err == nil {
		return n, nil
	}
	if f, ferr := strconv.ParseFloat(string(text), 64); ferr == nil && f == math.Trunc(f) && math.Abs(f) < math.Ldexp(1, min(bits, 54)-1) {
		return int64(f), nil
	}
	return 0, &SyntaxError{Message: fmt.Sprintf("NUMBER_VALUE %s can not be converted to %s", text, want)}
}

func readInt32(d *decoder, p unsafe.Pointer) error {
	n, err := d.integer("an Integer", 32)
	*(*int32)(p) = int32(n)
	return err
}

func readInt64(d *decoder, p unsafe.Pointer) error {
	n, err := d.integer("a Long", 64)
	*(*int64)(p) = n
	return err
}

func readInt(d *decoder, p unsafe.Pointer) error {
	n, err := d.integer("an Integer", 64)
	*(*int)(p) = int(n)
	return err
}

var floatWords = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

func (d *decoder) float(want string) (float64, error) {
	c := d.peek()
	if c == '"' {
		at := d.pos
		s, err := d.str()
		if err != nil {
			return 0, err
		}
		if f, ok := floatWords[string(s)]; ok {
			return f, nil
		}
		d.pos = at
	}
	if c != '-' && (c < '0' || c > '9') {
		return 0, d.mismatch(want)
	}
	text, err := d.number()
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, &SyntaxError{Message: fmt.Sprintf("NUMBER_VALUE %s can not be converted to %s", text, want)}
	}
	return f, nil
}

func readFloat32(d *decoder, p unsafe.Pointer) error {
	f, err := d.float("a Float")
	*(*float32)(p) = float32(f)
	return err
}

func readFloat64(d *decoder, p unsafe.Pointer) error {
	f, err := d.float("a Double")
	*(*float64)(p) = f
	return err
}

// maxSeconds keeps times in the years that Go can write.
const maxSeconds = 1 << 37

func readTime(d *decoder, p unsafe.Pointer) error {
	if d.peek() == '"' {
		return d.mismatch("a Timestamp")
	}
	f, err := d.float("a Timestamp")
	if err != nil {
		return err
	}
	if math.Abs(f) > maxSeconds {
		return &SyntaxError{Message: "NUMBER_VALUE can not be converted to a Timestamp"}
	}
	*(*time.Time)(p) = time.UnixMilli(int64(math.Round(f * 1000))).UTC()
	return nil
}

func readBytes(d *decoder, p unsafe.Pointer) error {
	if d.peek() != '"' {
		return d.mismatch("a Blob")
	}
	s, err := d.str()
	if err != nil {
		return err
	}
	b := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
	n, err := base64.StdEncoding.Decode(b, s)
	if err != nil {
		return &SyntaxError{Message: "STRING_VALUE can not be converted to a Blob: it is not base64"}
	}
	*(*[]byte)(p) = b[:n]
	return nil
}
