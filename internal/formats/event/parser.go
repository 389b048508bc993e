package event

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats/record"
)

// Options say what to take from an event besides its columns.
type Options struct {
	// TimeField is the field that carries the event's time, "" for none. It
	// need not be a column.
	TimeField string
	// Keys are the names that the events give to columns, where they are not
	// the columns' own.
	Keys map[string]string
	// Zone is the time zone that partitions follow; nil is UTC.
	Zone *time.Location
	// KeepUnknown notes the fields that no column asks for.
	KeepUnknown bool
	// Unread are columns that the event does not fill: a field of their name is
	// unknown.
	Unread map[string]bool
	// JSONText are columns that take any value, as its JSON text.
	JSONText map[string]bool
}

// Field is a field of an event that no column asks for.
type Field struct {
	Name string
	JSON string // the value as it stands in the event
}

// Record is a parsed event. It is valid until the next Parse of its Parser and
// may share memory with the body.
type Record struct {
	Values  []record.Value // one a column
	Unknown int            // fields that no column asks for
	// Fields are those, where Options.KeepUnknown is set.
	Fields []Field
	// Time is the wall clock of the event in Options.Zone, carried as UTC. It
	// means nothing unless HasTime: the time field may be absent or null, and
	// an event may be of 0001-01-01, Go's zero time.
	Time    time.Time
	HasTime bool

	moment moment
}

// Instant is the event's time as an instant. One that was written without an
// offset is a wall clock of zone, that of Options.
func (r *Record) Instant(zone *time.Location) time.Time {
	t := time.UnixMilli(r.moment.millis).UTC()
	if r.moment.instant {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// Parser parses events for one set of columns. It is not safe for concurrent
// use. Columns are matched without regard to letter case.
type Parser struct {
	scanner
	columns []record.Column
	byName  map[string]int
	options Options
	isTime  string // lower-case TimeField

	record  Record
	filled  []bool
	pattern []expected // the names of the last event, by position
	field   int        // position in the object

	timeText string // of the event's time, if it is a string
	time     moment
	zone     zoneSpan
}

// expected is a field name as the last event wrote it and what it means.
type expected struct {
	name   string
	column int // -1: none
	time   bool
}

// NewParser returns a parser for columns, whose names are lower-case.
func NewParser(columns []record.Column, o Options) *Parser {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := &Parser{columns: columns, options: o, isTime: strings.ToLower(o.TimeField), byName: map[string]int{}}
	p.record.Values = make([]record.Value, len(columns))
	p.filled = make([]bool, len(columns))
	for i, c := range columns {
		name := c.Name
		if key, ok := o.Keys[name]; ok {
			name = strings.ToLower(key)
		}
		if o.Unread[c.Name] {
			continue
		}
		p.byName[name] = i
	}
	return p
}

// Parse reads one event body. The error is a *Rejection.
func (p *Parser) Parse(body string) (*Record, error) {
	if r := p.parse(body); r != nil {
		return nil, r
	}
	return &p.record, nil
}

func (p *Parser) parse(body string) *Rejection {
	p.text, p.pos, p.field = body, 0, 0
	clear(p.record.Values)
	clear(p.filled)
	p.record.Fields = p.record.Fields[:0]
	p.record.Unknown, p.record.Time, p.record.HasTime, p.timeText = 0, time.Time{}, false, ""
	if !utf8.ValidString(body) {
		at := invalidUTF8(body)
		return &Rejection{Offset: at, Detail: fmt.Sprintf("invalid UTF-8 at byte %d", at)}
	}
	switch c := p.peek(); c {
	case '{':
	case 0:
		if p.pos == len(body) {
			return &Rejection{Detail: "empty body"}
		}
		return p.fail(p.pos, "an object")
	default:
		return p.notObject()
	}
	if r := p.members('}', p.member); r != nil {
		return r
	}
	if p.peek(); p.pos < len(body) {
		return p.fail(p.pos, "the end after the object")
	}
	return nil
}

// notObject tells valid JSON of another kind from what is no JSON.
func (p *Parser) notObject() *Rejection {
	at, found := p.pos, p.found()
	if r := p.skip(0); r != nil {
		return r
	}
	if p.peek(); p.pos < len(p.text) {
		return p.fail(p.pos, "the end after the value")
	}
	return &Rejection{Offset: at, Detail: "not a JSON object: found " + found}
}

func invalidUTF8(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(s)
}

// member reads one field of the event.
func (p *Parser) member() *Rejection {
	name, r := p.key()
	if r != nil {
		return r
	}
	e := p.expect(name)
	p.field++
	if e.time {
		if r := p.eventTime(name); r != nil {
			return r
		}
	}
	if e.column < 0 {
		return p.unknown(name, e.time)
	}
	c := &p.columns[e.column]
	if p.filled[e.column] {
		return &Rejection{Column: c.Name, Expected: "one value", Found: "field " + quoted(name) + " again", Offset: p.pos, Detail: "names differ in letter case only, or not at all"}
	}
	p.filled[e.column] = true
	if p.options.JSONText[c.Name] {
		return p.jsonText(&p.record.Values[e.column])
	}
	if r := p.value(&c.Type, &p.record.Values[e.column], 1); r != nil {
		return r.in(c.Name)
	}
	return nil
}

// unknown passes over a field that no column asks for.
func (p *Parser) unknown(name string, isTime bool) *Rejection {
	p.peek()
	start := p.pos
	if r := p.skip(1); r != nil {
		return r
	}
	if isTime {
		return nil
	}
	p.record.Unknown++
	if p.options.KeepUnknown {
		p.record.Fields = append(p.record.Fields, Field{name, p.text[start:p.pos]})
	}
	return nil
}

// jsonText takes the next value as it stands; null is NULL.
func (p *Parser) jsonText(v *record.Value) *Rejection {
	c := p.peek()
	start := p.pos
	if r := p.skip(1); r != nil {
		return r
	}
	if c != 'n' {
		v.Valid, v.Text = true, p.text[start:p.pos]
	}
	return nil
}

// expect says what a name at this position means. Events of one producer have
// the same fields in the same order, so the last event is asked first.
func (p *Parser) expect(name string) expected {
	if p.field < len(p.pattern) && p.pattern[p.field].name == name {
		return p.pattern[p.field]
	}
	lower := strings.ToLower(name)
	e := expected{strings.Clone(name), -1, lower == p.isTime && p.isTime != ""}
	if i, ok := p.byName[lower]; ok {
		e.column = i
	}
	switch {
	case p.field < len(p.pattern):
		p.pattern[p.field] = e
	case p.field < 256:
		p.pattern = append(p.pattern, e)
	}
	return e
}

// eventTime reads the event's time ahead and stays in front of it.
func (p *Parser) eventTime(name string) *Rejection {
	if p.record.HasTime {
		return &Rejection{Column: p.isTime, Expected: "one value", Found: "field " + quoted(name) + " again", Offset: p.pos}
	}
	c, start := p.peek(), p.pos
	defer func() { p.pos = start }()
	fail := func(found, detail string) *Rejection {
		return &Rejection{Column: p.isTime, Expected: "the event's time", Found: found, Detail: detail, Offset: start}
	}
	var t moment
	var detail string
	switch {
	case c == 'n':
		return p.word("null")
	case c == '"':
		s, r := p.str()
		if r != nil {
			return r
		}
		if t, detail = parseTime(s); detail != "" {
			return fail("string "+quoted(s), detail)
		}
		p.timeText, p.time = s, t
	case c == '-' || c-'0' <= 9:
		n, r := p.number()
		if r != nil {
			return r
		}
		if t, detail = parseEpoch(n); detail != "" {
			return fail("number "+shortened(n), detail)
		}
	default:
		found := p.found()
		if r := p.skip(1); r != nil {
			return r
		}
		return fail(found, "")
	}
	wall, ok := p.zone.wall(t, p.options.Zone)
	if !ok {
		return fail(p.text[start:p.pos], "outside the years 0001 to 9999 in the zone of the partitions")
	}
	p.record.Time, p.record.HasTime, p.record.moment = wall, true, t
	return nil
}

// found names the kind of value that comes next.
func (p *Parser) found() string {
	switch c := p.peek(); c {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		at := p.pos
		s, r := p.str()
		if p.pos = at; r != nil {
			return "a string"
		}
		return "string " + quoted(s)
	case 't', 'f', 'n':
		word := map[byte]string{'t': "true", 'f': "false", 'n': "null"}[c]
		if strings.HasPrefix(p.text[p.pos:], word) {
			return word
		}
	default:
		at := p.pos
		n, r := p.number()
		if p.pos = at; r == nil {
			return "number " + shortened(n)
		}
	}
	return "no value"
}
