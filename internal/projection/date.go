package projection

import (
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// dates is a range of moments, both ends included, as texts of a format.
type dates struct {
	format *pattern
	times  ticks
	key    types.Type
}

func readDate(c column, t types.Type, now instant) (sequence, error) {
	switch {
	case t.IsString(), t.IsInteger(), t.Kind == types.Date, t.Kind == types.Timestamp:
	default:
		return nil, unsupportedType(c.name, t)
	}
	source, err := c.required(formatProperty)
	if err != nil {
		return nil, err
	}
	format, err := compile(source)
	if err != nil {
		return nil, invalid(c.name, "Property: 'projection.%s.format' value '%s' is invalid: %v", c.name, source, err)
	}
	first, last, err := c.dateRange(format, now.UTC())
	if err != nil {
		return nil, err
	}
	step, err := c.dateStep(format)
	if err != nil {
		return nil, err
	}
	times, err := newTicks(first, last, step.coarsened(format))
	if err != nil {
		return nil, invalid(c.name, "%v", err)
	}
	return &dates{format: format, times: times, key: t}, nil
}

// dateRange reads projection.<column>.range: two dates of the format or
// relative to now, cut to what the format can say.
func (c column) dateRange(format *pattern, now time.Time) (first, last time.Time, err error) {
	bounds, err := c.required(rangeProperty)
	if err != nil {
		return first, last, err
	}
	wrong := func(why string) error {
		return invalid(c.name, "Property: 'projection.%s.range' needs to be a list of 2 valid dates formatted as '%s' or '%s' that are sequential: %s", c.name, format.source, relative, why)
	}
	parts := strings.Split(bounds, ",")
	if len(parts) != 2 {
		return first, last, wrong("'" + bounds + "'")
	}
	var ends [2]time.Time
	for i, part := range parts {
		if ends[i], err = bound(part, format, now); err != nil {
			return first, last, wrong(err.Error())
		}
	}
	if ends[1].Before(ends[0]) {
		return first, last, wrong("'" + bounds + "'")
	}
	return ends[0], ends[1], nil
}

func bound(s string, format *pattern, now time.Time) (time.Time, error) {
	t, ok, err := relativeTime(s, now)
	if err != nil {
		return t, err
	}
	if ok {
		s = format.format(t)
	}
	return format.parse(s)
}

// dateStep reads the interval and its unit. They default to one day or month
// where the format ends with that.
func (c column) dateStep(format *pattern) (step, error) {
	name, hasUnit := c.get(unitProperty)
	n, hasInterval, err := c.positive(intervalProperty, maxInterval)
	if err != nil {
		return step{}, err
	}
	finest := format.finest()
	if whole := finest == days || finest == months; !whole && !(hasUnit && hasInterval) {
		missing := intervalProperty
		if !hasUnit {
			missing = unitProperty
		}
		return step{}, invalid(c.name, "Property: 'projection.%s.%s' needs to be set when provided 'projection.%s.format' is not at single-day or single-month precision. Interval defaults to 1 day or 1 month, respectively. Otherwise, interval is required", c.name, missing, c.name)
	}
	if !hasUnit {
		return step{n, finest}, nil
	}
	u, ok := unitNames[strings.ToUpper(strings.TrimSpace(name))]
	if !ok {
		return step{}, invalid(c.name, "Property: 'projection.%s.interval.unit' value '%s' is invalid. Available options: [Years, Months, Weeks, Days, Hours, Minutes, Seconds, Millis]", c.name, name)
	}
	return step{n, u}, nil
}

func (d *dates) length() uint64 { return uint64(d.times.length()) }

// at gives a key of dates its own text as value; the folder has the format's.
func (d *dates) at(i uint64) text {
	t := d.times.at(int64(i))
	folder := d.format.format(t)
	switch d.key.Kind {
	case types.Date:
		return text{t.Format(time.DateOnly), folder}
	case types.Timestamp:
		return text{t.Format("2006-01-02 15:04:05.999"), folder}
	}
	return text{folder, folder}
}

func (d *dates) find(value string) (uint64, bool) {
	if d.key.Kind == types.Date || d.key.Kind == types.Timestamp {
		return 0, false // in order: searched
	}
	t, err := d.format.parse(value)
	if err != nil {
		return 0, false
	}
	// The time of a text is cut to the format: the value may lie after it.
	at := d.times.reached(t)
	for i := max(at, 0); i <= min(at+1, d.times.length()-1); i++ {
		if d.at(uint64(i)).value == value {
			return uint64(i), true
		}
	}
	return 0, false
}

func (d *dates) runs() []run {
	if d.key.Kind == types.Date || d.key.Kind == types.Timestamp || d.format.ordered() {
		return []run{{from: 0, to: d.length()}}
	}
	return nil
}
