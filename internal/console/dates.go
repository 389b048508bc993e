package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

// dateRange is a span of days, both ends included.
type dateRange struct {
	From string `json:"from"` // 2006-01-02
	To   string `json:"to"`
}

// layout is how a table's partition keys spell a day: year, month and day, or a
// single key.
type layout struct {
	keys []catalog.Column // of the date, in order
	at   []int            // their places among the partition keys
}

const isoDay = "2006-01-02"

// layoutOf finds the date among partition keys.
func layoutOf(keys []catalog.Column) (layout, bool) {
	for _, names := range [][]string{{"year", "month", "day"}, {"dt"}, {"date"}} {
		var l layout
		for _, name := range names {
			for i, k := range keys {
				if k.Name == name {
					l.keys, l.at = append(l.keys, k), append(l.at, i)
				}
			}
		}
		if len(l.keys) == len(names) {
			return l, true
		}
	}
	return layout{}, false
}

// span is the range of the partitions' days, or of today where there is none.
func (l layout) span(partitions []catalog.Partition, today time.Time) *dateRange {
	out := dateRange{From: today.Format(isoDay), To: today.Format(isoDay)}
	first := true
	for _, p := range partitions {
		day, ok := l.day(p.Values)
		if !ok {
			continue
		}
		if first || day < out.From {
			out.From = day
		}
		if first || day > out.To {
			out.To = day
		}
		first = false
	}
	return &out
}

func (l layout) day(values []string) (string, bool) {
	parts := make([]string, len(l.at))
	for i, at := range l.at {
		if at >= len(values) {
			return "", false
		}
		parts[i] = values[at]
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i] // a number: month=3
		}
	}
	text := strings.Join(parts, "-")
	_, err := time.Parse(isoDay, text)
	return text, err == nil
}

// whereOf turns a range of days into a WHERE clause on the partition keys, so
// that only the partitions of the range are read. Without a range it is empty.
func whereOf(t *catalog.Table, from, to string) (string, error) {
	if from == "" && to == "" {
		return "", nil
	}
	l, ok := layoutOf(t.PartitionKeys)
	if !ok {
		return "", fmt.Errorf("the partitions of %s.%s are not days", t.Database, t.Name)
	}
	first, err := time.Parse(isoDay, from)
	if err != nil {
		return "", fmt.Errorf("from: %q is not a day such as 2021-03-01", from)
	}
	last, err := time.Parse(isoDay, to)
	if err != nil {
		return "", fmt.Errorf("to: %q is not a day such as 2021-03-31", to)
	}
	if last.Before(first) {
		return "", fmt.Errorf("the range ends (%s) before it begins (%s)", to, from)
	}
	if last.Sub(first) > 366*20*24*time.Hour {
		return "", fmt.Errorf("the range is longer than 20 years")
	}
	if len(l.keys) == 1 {
		return fmt.Sprintf(" WHERE %s BETWEEN %s AND %s", quoteName(l.keys[0].Name), l.literal(0, from), l.literal(0, to)), nil
	}
	return " WHERE " + strings.Join(l.months(first, last), " OR "), nil
}

// months is one term for each month of the range, with its days where the month
// is not whole.
func (l layout) months(first, last time.Time) []string {
	var terms []string
	for day := first; !day.After(last); {
		end := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC)
		whole := day.Day() == 1 && !end.After(last)
		if end.After(last) {
			end = last
		}
		term := fmt.Sprintf("%s = %s AND %s = %s",
			quoteName("year"), l.literal(0, day.Format("2006")), quoteName("month"), l.literal(1, day.Format("01")))
		if !whole {
			term += fmt.Sprintf(" AND %s BETWEEN %s AND %s",
				quoteName("day"), l.literal(2, day.Format("02")), l.literal(2, end.Format("02")))
		}
		terms = append(terms, "("+term+")")
		day = end.AddDate(0, 0, 1)
	}
	return terms
}

// literal writes a part of a date in the type of its key.
func (l layout) literal(key int, text string) string {
	switch l.keys[key].Type {
	case "tinyint", "smallint", "int", "integer", "bigint":
		if trimmed := strings.TrimLeft(text, "0"); trimmed != "" {
			return trimmed
		}
		return "0"
	case "date":
		return "DATE '" + text + "'"
	}
	return "'" + text + "'"
}
