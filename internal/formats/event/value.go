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

// value reads one value of type t. On a mismatch it still checks that what is
// there is JSON, so that broken JSON is always reported as such.
func (p *Parser) value(t *formats.Type, depth int) (record.Value, *Rejection) {
	c := p.peek()
	if c == 'n' {
		return record.Value{}, p.word("null")
	}
	switch t.Kind {
	case formats.Array:
		if c == '[' && depth < maxDepth {
			return p.array(t, depth)
		}
	case formats.Map:
		if c == '{' && depth < maxDepth {
			return p.mapValue(t, depth)
		}
	case formats.Struct:
		if c == '{' && depth < maxDepth {
			return p.structValue(t, depth)
		}
	case formats.Boolean:
		switch c {
		case 't':
			return record.Value{Valid: true, Int: 1}, p.word("true")
		case 'f':
			return record.Value{Valid: true}, p.word("false")
		}
	default:
		if c == '"' {
			return p.fromString(t)
		}
		if c == '-' || c-'0' <= 9 {
			return p.fromNumber(t)
		}
	}
	return record.Value{}, p.mismatch(t, depth)
}

func (p *Parser) mismatch(t *formats.Type, depth int) *Rejection {
	at, found := p.pos, p.found()
	if r := p.skip(depth); r != nil {
		return r
	}
	return &Rejection{Expected: record.TypeText(*t), Found: found, Offset: at}
}

func (p *Parser) fromString(t *formats.Type) (record.Value, *Rejection) {
	at := p.pos
	s, r := p.str()
	if r != nil {
		return record.Value{}, r
	}
	v, ok, detail := fromText(t, s)
	if !ok {
		return record.Value{}, &Rejection{Expected: record.TypeText(*t), Found: "string " + quoted(s), Detail: detail, Offset: at}
	}
	return v, nil
}

// fromText converts the content of a JSON string.
func fromText(t *formats.Type, s string) (v record.Value, ok bool, detail string) {
	v.Valid = true
	switch t.Kind {
	case formats.String:
		v.Text = s
		return v, true, ""
	case formats.Varchar, formats.Char:
		v.Text = s
		if len(s) > t.Precision {
			if n := utf8.RuneCountInString(s); n > t.Precision {
				return v, false, fmt.Sprintf("%d characters", n)
			}
		}
		return v, true, ""
	case formats.Binary:
		b, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || strings.ContainsAny(s, "\r\n") {
			return v, false, "not base64"
		}
		v.Text = string(b)
		return v, true, ""
	case formats.Decimal:
		if !isNumber(s) {
			return v, false, "not a decimal number"
		}
		v.Text, detail = toDecimal(s, t.Precision, t.Scale)
		return v, detail == "", detail
	case formats.Date:
		v.Int, detail = parseDate(s)
		return v, detail == "", detail
	case formats.Timestamp:
		m, detail := parseTime(s)
		v.Int = m.millis
		return v, detail == "", detail
	}
	return v, false, "" // numbers and booleans are not written as strings
}

func (p *Parser) fromNumber(t *formats.Type) (record.Value, *Rejection) {
	at := p.pos
	n, r := p.number()
	if r != nil {
		return record.Value{}, r
	}
	v, ok, detail := fromDigits(t, n)
	if !ok {
		return record.Value{}, &Rejection{Expected: record.TypeText(*t), Found: "number " + shortened(n), Detail: detail, Offset: at}
	}
	return v, nil
}

var intBits = map[formats.TypeKind]int{formats.TinyInt: 8, formats.SmallInt: 16, formats.Int: 32, formats.BigInt: 64}

// fromDigits converts the text of a JSON number.
func fromDigits(t *formats.Type, n string) (v record.Value, ok bool, detail string) {
	v.Valid = true
	switch t.Kind {
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.BigInt:
		v.Int, detail = toInt(n, t.Kind)
	case formats.Float:
		f, err := strconv.ParseFloat(n, 32)
		if v.Float = f; err != nil {
			detail = "out of range"
		}
	case formats.Double:
		f, err := strconv.ParseFloat(n, 64)
		if v.Float = f; err != nil {
			detail = "out of range"
		}
	case formats.Decimal:
		v.Text, detail = toDecimal(n, t.Precision, t.Scale)
	case formats.Timestamp:
		var m moment
		m, detail = parseEpoch(n)
		v.Int = m.millis
	default:
		return v, false, ""
	}
	return v, detail == "", detail
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

func (p *Parser) array(t *formats.Type, depth int) (record.Value, *Rejection) {
	v := record.Value{Valid: true}
	r := p.members(']', func() *Rejection {
		e, r := p.value(&t.Fields[0].Type, depth+1)
		if r != nil {
			return r.in(fmt.Sprintf("[%d]", len(v.List)))
		}
		v.List = append(v.List, e)
		return nil
	})
	return v, r
}

func (p *Parser) mapValue(t *formats.Type, depth int) (record.Value, *Rejection) {
	v := record.Value{Valid: true}
	seen := map[string]bool{}
	r := p.members('}', func() *Rejection {
		at := p.pos
		name, r := p.key()
		if r != nil {
			return r
		}
		key, ok, detail := mapKey(&t.Fields[0].Type, name)
		if !ok {
			return &Rejection{Expected: record.TypeText(t.Fields[0].Type) + " as key", Found: quoted(name), Detail: detail, Offset: at}
		}
		if id := fmt.Sprint(key.Int, key.Float, key.Text); seen[id] {
			return &Rejection{Expected: "each key once", Found: quoted(name) + " again", Offset: at}
		} else {
			seen[id] = true
		}
		e, r := p.value(&t.Fields[1].Type, depth+1)
		if r != nil {
			return r.in("[" + quoted(name) + "]")
		}
		v.List = append(v.List, key, e)
		return nil
	})
	return v, r
}

// mapKey converts a field name, which JSON always writes as a string.
func mapKey(t *formats.Type, name string) (record.Value, bool, string) {
	switch {
	case t.Kind == formats.Boolean:
		return record.Value{Valid: true, Int: int64(len("false") - len(name))}, name == "true" || name == "false", ""
	case t.Kind <= formats.Double:
		if !isNumber(name) {
			return record.Value{}, false, ""
		}
		return fromDigits(t, name)
	}
	return fromText(t, name)
}

func (p *Parser) structValue(t *formats.Type, depth int) (record.Value, *Rejection) {
	v := record.Value{Valid: true, List: make([]record.Value, len(t.Fields))}
	filled := make([]bool, len(t.Fields))
	r := p.members('}', func() *Rejection {
		at := p.pos
		name, r := p.key()
		if r != nil {
			return r
		}
		i := fieldNamed(t.Fields, name)
		if i < 0 {
			return p.skip(depth + 1)
		}
		if filled[i] {
			return &Rejection{Column: t.Fields[i].Name, Expected: "one value", Found: "field " + quoted(name) + " again", Offset: at}
		}
		filled[i] = true
		if v.List[i], r = p.value(&t.Fields[i].Type, depth+1); r != nil {
			return r.in(t.Fields[i].Name)
		}
		return nil
	})
	return v, r
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
