package event

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// value reads one value of type t into v, which is NULL. On a mismatch it still
// checks that what is there is JSON, so that broken JSON is always reported as
// such.
func (p *Parser) value(t *formats.Type, v *record.Value, depth int) *Rejection {
	c := p.peek()
	if c == 'n' {
		return p.word("null")
	}
	switch t.Kind {
	case formats.Array:
		if c == '[' && depth < maxDepth {
			return p.array(t, v, depth)
		}
	case formats.Map:
		if c == '{' && depth < maxDepth {
			return p.mapValue(t, v, depth)
		}
	case formats.Struct:
		if c == '{' && depth < maxDepth {
			return p.structValue(t, v, depth)
		}
	case formats.Boolean:
		if c == 't' {
			v.Valid, v.Int = true, 1
			return p.word("true")
		}
		if c == 'f' {
			v.Valid = true
			return p.word("false")
		}
	default:
		if c == '"' {
			return p.fromString(t, v)
		}
		if c == '-' || c-'0' <= 9 {
			return p.fromNumber(t, v)
		}
	}
	return p.mismatch(t, depth)
}

func (p *Parser) mismatch(t *formats.Type, depth int) *Rejection {
	at, found := p.pos, p.found()
	if r := p.skip(depth); r != nil {
		return r
	}
	return &Rejection{Expected: t.String(), Found: found, Offset: at}
}

func (p *Parser) fromString(t *formats.Type, v *record.Value) *Rejection {
	at := p.pos
	s, r := p.str()
	if r != nil {
		return r
	}
	v.Valid = true
	switch t.Kind {
	case formats.String:
		v.Text = s
		return nil
	case formats.Timestamp:
		if s == p.timeText && s != "" { // the event's time, which was read ahead
			v.Int = p.time.millis
			return nil
		}
	}
	if ok, detail := fromText(t, s, v); !ok {
		return &Rejection{Expected: t.String(), Found: "string " + quoted(s), Detail: detail, Offset: at}
	}
	return nil
}

// fromText converts the content of a JSON string.
func fromText(t *formats.Type, s string, v *record.Value) (ok bool, detail string) {
	v.Valid = true
	switch t.Kind {
	case formats.String:
		v.Text = s
	case formats.Varchar, formats.Char:
		v.Text = s
		if len(s) > t.Precision {
			if n := utf8.RuneCountInString(s); n > t.Precision {
				detail = fmt.Sprintf("%d characters", n)
			}
		}
	case formats.Binary:
		b, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || strings.ContainsAny(s, "\r\n") {
			detail = "not base64"
		}
		v.Text = string(b)
	case formats.Decimal:
		if !isNumber(s) {
			return false, "not a decimal number"
		}
		v.Text, detail = toDecimal(s, t.Precision, t.Scale)
	case formats.Date:
		v.Int, detail = parseDate(s)
	case formats.Timestamp:
		var m moment
		m, detail = parseTime(s)
		v.Int = m.millis
	default:
		return false, "" // numbers and booleans are not written as strings
	}
	return detail == "", detail
}

func (p *Parser) fromNumber(t *formats.Type, v *record.Value) *Rejection {
	at := p.pos
	n, r := p.number()
	if r != nil {
		return r
	}
	if ok, detail := fromDigits(t, n, v); !ok {
		return &Rejection{Expected: t.String(), Found: "number " + shortened(n), Detail: detail, Offset: at}
	}
	return nil
}

var intBits = map[formats.TypeKind]int{formats.TinyInt: 8, formats.SmallInt: 16, formats.Int: 32, formats.BigInt: 64}

// fromDigits converts the text of a JSON number.
func fromDigits(t *formats.Type, n string, v *record.Value) (ok bool, detail string) {
	v.Valid = true
	switch t.Kind {
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.BigInt:
		v.Int, detail = toInt(n, t.Kind)
	case formats.Float:
		v.Float, detail = toFloat(n, 32)
	case formats.Double:
		v.Float, detail = toFloat(n, 64)
	case formats.Decimal:
		v.Text, detail = toDecimal(n, t.Precision, t.Scale)
	case formats.Timestamp:
		var m moment
		m, detail = parseEpoch(n)
		v.Int = m.millis
	default:
		return false, ""
	}
	return detail == "", detail
}

func toFloat(n string, bits int) (float64, string) {
	f, err := strconv.ParseFloat(n, bits)
	if err != nil {
		return 0, "out of range"
	}
	return f, ""
}

func toInt(n string, k formats.TypeKind) (int64, string) {
	if len(n) < 10 && !strings.ContainsAny(n, ".eE") { // cannot overflow
		v, neg := int64(0), n[0] == '-'
		for _, c := range []byte(strings.TrimPrefix(n, "-")) {
			v = v*10 + int64(c-'0')
		}
		if neg {
			v = -v
		}
		return inRange(v, k)
	}
	whole, detail := toDecimal(n, 38, 0)
	if detail != "" {
		if detail != hasFraction {
			detail = rangeOf(k)
		}
		return 0, detail
	}
	v, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, rangeOf(k)
	}
	return inRange(v, k)
}

func inRange(v int64, k formats.TypeKind) (int64, string) {
	if k == formats.BigInt || (k == formats.Int && int64(int32(v)) == v) {
		return v, ""
	}
	limit := int64(1) << (intBits[k] - 1)
	if v < -limit || v >= limit {
		return 0, rangeOf(k)
	}
	return v, ""
}

func rangeOf(k formats.TypeKind) string {
	limit := int64(math.MaxInt64) >> (64 - intBits[k])
	return fmt.Sprintf("out of range %d to %d", -limit-1, limit)
}

func (p *Parser) array(t *formats.Type, v *record.Value, depth int) *Rejection {
	v.Valid = true
	return p.members(']', func() *Rejection {
		var e record.Value
		if r := p.value(&t.Fields[0].Type, &e, depth+1); r != nil {
			return r.in(fmt.Sprintf("[%d]", len(v.List)))
		}
		v.List = append(v.List, e)
		return nil
	})
}

func (p *Parser) mapValue(t *formats.Type, v *record.Value, depth int) *Rejection {
	v.Valid = true
	seen := map[string]bool{}
	return p.members('}', func() *Rejection {
		at := p.pos
		name, r := p.key()
		if r != nil {
			return r
		}
		var key, e record.Value
		if ok, detail := mapKey(&t.Fields[0].Type, name, &key); !ok {
			return &Rejection{Expected: t.Fields[0].Type.String() + " as key", Found: quoted(name), Detail: detail, Offset: at}
		}
		id := fmt.Sprint(key.Int, key.Float, key.Text)
		if seen[id] {
			return &Rejection{Expected: "each key once", Found: quoted(name) + " again", Offset: at}
		}
		seen[id] = true
		if r := p.value(&t.Fields[1].Type, &e, depth+1); r != nil {
			return r.in("[" + quoted(name) + "]")
		}
		v.List = append(v.List, key, e)
		return nil
	})
}

// mapKey converts a field name, which JSON always writes as a string.
func mapKey(t *formats.Type, name string, v *record.Value) (ok bool, detail string) {
	switch {
	case t.Kind == formats.Boolean:
		v.Valid = true
		if name == "true" {
			v.Int = 1
		}
		return name == "true" || name == "false", ""
	case t.Kind <= formats.Double:
		if !isNumber(name) {
			return false, ""
		}
		return fromDigits(t, name, v)
	}
	return fromText(t, name, v)
}

func (p *Parser) structValue(t *formats.Type, v *record.Value, depth int) *Rejection {
	v.Valid, v.List = true, make([]record.Value, len(t.Fields))
	filled := make([]bool, len(t.Fields))
	return p.members('}', func() *Rejection {
		at := p.pos
		name, r := p.key()
		if r != nil {
			return r
		}
		i := fieldNamed(t.Fields, name)
		if i < 0 {
			return p.skip(depth + 1)
		}
		f := &t.Fields[i]
		if filled[i] {
			return &Rejection{Column: f.Name, Expected: "one value", Found: "field " + quoted(name) + " again", Offset: at}
		}
		filled[i] = true
		if r = p.value(&f.Type, &v.List[i], depth+1); r != nil {
			return r.in(f.Name)
		}
		return nil
	})
}

func fieldNamed(fields []formats.Field, name string) int {
	lower := strings.ToLower(name)
	for i := range fields {
		if fields[i].Name == lower {
			return i
		}
	}
	return -1
}
