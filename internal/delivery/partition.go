package delivery

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// Limits of object names: of S3 for the whole, of file systems for one part.
const (
	maxKeyLength  = 1024
	maxPartLength = 255
	nameReserve   = 128 // for the file's own name
)

// partitionKey computes the value of one partition key.
type partitionKey struct {
	name  string
	field int // index in the parsed record, or -1: it follows from the time
	typ   formats.Type
	text  func(wall time.Time) string
}

// timeKeys are the partition keys that follow from the event's time: as text
// with so many digits, as a number for integer keys.
var timeKeys = map[string]struct {
	digits int
	of     func(time.Time) int
}{
	"year":  {4, time.Time.Year},
	"month": {2, func(t time.Time) int { return int(t.Month()) }},
	"day":   {2, time.Time.Day},
	"hour":  {2, time.Time.Hour},
}

// dateKeys hold the whole day.
var dateKeys = []string{"dt", "date"}

const dayLayout = "2006-01-02"

func (l *layout) buildKeys() error {
	l.valued = slices.Clone(l.columns)
	for _, k := range l.PartitionKeys {
		t, err := formats.ParseType(k.Type)
		if err != nil {
			return fmt.Errorf("partition key %s: %w", k.Name, err)
		}
		key := partitionKey{name: k.Name, field: -1, typ: t}
		_, byTime := timeKeys[k.Name]
		if l.transform != nil {
			l.valued = append(l.valued, record.Column{Name: k.Name, Type: t})
		}
		switch {
		case l.transform != nil && l.transform.GivesKey(k.Name):
			err = key.byField(len(l.valued) - 1)
		case byTime && t.Kind == formats.Date && k.Name == "day", slices.Contains(dateKeys, k.Name):
			err = key.byDate()
		case byTime:
			err = l.byTime(&key)
		default:
			err = key.byField(len(l.valued))
			l.valued = append(l.valued, record.Column{Name: k.Name, Type: t})
		}
		if err != nil {
			return fmt.Errorf("partition key %s %s: %w", k.Name, k.Type, err)
		}
		l.keys = append(l.keys, key)
	}
	if l.transform == nil {
		l.input = l.valued
	}
	return nil
}

// ofTime says whether a partition key follows from the event's time.
func ofTime(name string) bool {
	_, part := timeKeys[name]
	return part || slices.Contains(dateKeys, name)
}

func isText(k formats.TypeKind) bool {
	return k == formats.String || k == formats.Varchar || k == formats.Char
}

func isInteger(k formats.TypeKind) bool { return k >= formats.TinyInt && k <= formats.BigInt }

// fits reports whether text of n characters fits a varchar or char.
func fits(t formats.Type, n int) bool {
	return t.Kind == formats.String || isText(t.Kind) && t.Precision >= n
}

func (k *partitionKey) byDate() error {
	if k.typ.Kind != formats.Date && !fits(k.typ, len(dayLayout)) {
		return fmt.Errorf("it holds the day as YYYY-MM-DD and must be a date or a string")
	}
	k.text = func(wall time.Time) string { return wall.Format(dayLayout) }
	return nil
}

// within are the keys without which a part of a date would mix days.
var within = map[string][]string{"month": {"year"}, "day": {"month"}, "hour": {"day", "dt", "date"}}

func (l *layout) byTime(k *partitionKey) error {
	if outer := within[k.name]; outer != nil && !slices.ContainsFunc(l.PartitionKeys, func(c catalog.Column) bool { return slices.Contains(outer, c.Name) }) {
		return fmt.Errorf("it would mix days: the table needs a partition key %s as well", outer[0])
	}
	part := timeKeys[k.name]
	l.hourly = l.hourly || k.name == "hour"
	switch {
	case fits(k.typ, part.digits):
		k.text = func(wall time.Time) string { return fmt.Sprintf("%0*d", part.digits, part.of(wall)) }
	case isInteger(k.typ.Kind) && (k.name != "year" || k.typ.Kind != formats.TinyInt):
		k.text = func(wall time.Time) string { return strconv.Itoa(part.of(wall)) }
	default:
		return fmt.Errorf("it must be a string or an integer that holds a %s", k.name)
	}
	return nil
}

func (k *partitionKey) byField(index int) error {
	if !isText(k.typ.Kind) && !isInteger(k.typ.Kind) && k.typ.Kind != formats.Boolean && k.typ.Kind != formats.Date {
		return fmt.Errorf("a delivery can compute string, integer, boolean and date keys only")
	}
	k.field = index
	return nil
}

// fieldText writes the event's field as Hive names a partition; NULL and the
// empty text are the default partition.
func (k *partitionKey) fieldText(v *record.Value) string {
	switch {
	case !v.Valid || isText(k.typ.Kind) && v.Text == "":
		return catalog.HiveDefaultPartition
	case isText(k.typ.Kind):
		return v.Text
	case k.typ.Kind == formats.Boolean:
		return strconv.FormatBool(v.Int != 0)
	case k.typ.Kind == formats.Date:
		return time.Unix(v.Int*86400, 0).UTC().Format(dayLayout)
	}
	return strconv.FormatInt(v.Int, 10)
}

// slot identifies a partition cheaply: the day or hour, and the text of the
// keys that are fields.
type slot struct {
	unit   int64
	fields string
}

// wallOf is an instant's clock in the delivery's zone, carried as UTC.
func (l *layout) wallOf(sentAt time.Time) time.Time {
	_, offset := sentAt.In(l.zone).Zone()
	return sentAt.UTC().Add(time.Duration(offset) * time.Second)
}

func (l *layout) slotOf(o *outcome) slot {
	var s slot
	wall := o.wall
	switch {
	case l.hourly:
		s.unit = floorDiv(wall.Unix(), 3600)
	case len(l.keys) > 0:
		s.unit = floorDiv(wall.Unix(), 86400)
	}
	for i := range l.keys {
		if k := &l.keys[i]; k.field >= 0 {
			s.fields += k.fieldText(&o.values[k.field]) + "\x00"
		}
	}
	return s
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// values are the texts of all partition keys.
func (l *layout) values(o *outcome) []string {
	values := make([]string, len(l.keys))
	for i := range l.keys {
		if k := &l.keys[i]; k.field >= 0 {
			values[i] = k.fieldText(&o.values[k.field])
		} else {
			values[i] = k.text(o.wall)
		}
	}
	return values
}

// tooLong says which partition key cannot be a folder's name, or "".
func (l *layout) tooLong(values []string) string {
	total := len(l.prefix) + nameReserve + len(l.Delivery)
	for i, v := range values {
		n := len(l.PartitionKeys[i].Name) + 1 + len(catalog.EscapePath(v))
		total += n + 1
		if n > maxPartLength || total > maxKeyLength {
			return fmt.Sprintf("column %s: the value is too long for a partition: its object name would exceed %d bytes in a part or %d in all", l.PartitionKeys[i].Name, maxPartLength, maxKeyLength)
		}
	}
	return ""
}
