package projection

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// unit is a unit of time, in milliseconds up to weeks; months and years differ
// in length.
type unit int64

const (
	millis  unit = 1
	seconds      = 1000 * millis
	minutes      = 60 * seconds
	hours        = 60 * minutes
	days         = 24 * hours
	weeks        = 7 * days
	months       = 28 * days // at least
	years        = 365 * days
)

// unitNames are java.time.temporal.ChronoUnit's, in both numbers.
var unitNames = map[string]unit{
	"YEAR": years, "MONTH": months, "WEEK": weeks, "DAY": days, "HOUR": hours, "MINUTE": minutes, "SECOND": seconds,
	"YEARS": years, "MONTHS": months, "WEEKS": weeks, "DAYS": days, "HOURS": hours, "MINUTES": minutes, "SECONDS": seconds,
	"MILLISECONDS": millis, "MILLIS": millis,
}

// Years that texts of four digits can say.
const (
	minYear = 0
	maxYear = 9999
	// maxInterval is Java's largest int.
	maxInterval = math.MaxInt32
)

func checkYear(t time.Time) error {
	if t.Year() < minYear || t.Year() > maxYear {
		return fmt.Errorf("the year %d is not between %d and %d", t.Year(), minYear, maxYear)
	}
	return nil
}

// step is the distance between two values.
type step struct {
	n    int64
	unit unit
}

// fixed says whether all steps are of one length.
func (s step) fixed() bool { return s.unit < months }

// next is the time one step later. A month later is the same day or, in a
// shorter month, its last one.
func (s step) next(t time.Time) time.Time {
	switch s.unit {
	case months:
		return addMonths(t, s.n)
	case years:
		return addMonths(t, 12*s.n)
	}
	return moved(t, s.n*int64(s.unit))
}

func moved(t time.Time, ms int64) time.Time {
	return time.UnixMilli(t.UnixMilli() + ms).UTC().Add(time.Duration(t.Nanosecond() % 1e6))
}

func addMonths(t time.Time, n int64) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// coarsened is a step as long as the format's finest unit, where shorter ones
// would only give each text several times.
func (s step) coarsened(format *pattern) step {
	finest := format.finest()
	switch length := s.n * int64(s.unit); {
	case !s.fixed():
		if s.unit == months && finest == years && 12%s.n == 0 {
			return step{1, years}
		}
	case finest <= s.unit:
	case finest < months && int64(finest)%length == 0:
		return step{1, finest}
	case finest >= months && int64(days)%length == 0:
		return step{1, finest}
	}
	return s
}

// ticks are the times of a range, a step apart.
type ticks struct {
	first time.Time
	step  step
	count int64
	list  []time.Time // of steps that differ in length
}

func newTicks(first, last time.Time, s step) (ticks, error) {
	t := ticks{first: first, step: s}
	for _, end := range []time.Time{first, last} {
		if err := checkYear(end); err != nil {
			return t, err
		}
	}
	if s.fixed() {
		t.count = (last.UnixMilli()-first.UnixMilli())/(s.n*int64(s.unit)) + 1
		return t, nil
	}
	for at := first; !at.After(last); at = s.next(at) {
		t.list = append(t.list, at)
	}
	return t, nil
}

func (t ticks) length() int64 {
	if t.step.fixed() {
		return t.count
	}
	return int64(len(t.list))
}

func (t ticks) at(i int64) time.Time {
	if t.step.fixed() {
		return moved(t.first, i*t.step.n*int64(t.step.unit))
	}
	return t.list[i]
}

// reached returns the place of the last time that is not after at, which may be
// beyond the range.
func (t ticks) reached(at time.Time) int64 {
	switch {
	case at.Before(t.first):
		return -1
	case t.step.fixed():
		return (at.UnixMilli() - t.first.UnixMilli()) / (t.step.n * int64(t.step.unit))
	}
	i, _ := slices.BinarySearchFunc(t.list, at.Add(1), time.Time.Compare)
	return int64(i) - 1
}
