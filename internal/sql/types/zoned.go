package types

import (
	"fmt"
	"sync"
	"time"
)

// Zoned is how DuckDB carries a value with a zone of its own, of a timestamp
// with time zone of MixedZone or a time with time zone: an INTERVAL whose
// months name the zone and whose days take them back, 30 days to a month as
// DuckDB counts, so that DuckDB compares, sorts, hashes and groups the values by
// Micros alone, as Trino does.
type Zoned struct {
	Months, Days int32
	// Micros is the instant since 1970 in microseconds, or the time of day in
	// UTC.
	Micros int64
}

const (
	daysOfMonth = 30
	// zoneBase makes the days greater than those of any instant that Trino
	// holds: where their sum changes its sign DuckDB takes equal values for
	// different ones. The macros of the prelude know it too.
	zoneBase = 1_000_000
)

// NewZoned carries an instant in a zone, by the number that ZoneNumber gives it,
// or a time of day with an offset in minutes.
func NewZoned(micros int64, zone int32) Zoned {
	return Zoned{Months: -(zoneBase + zone), Days: daysOfMonth * (zoneBase + zone), Micros: micros}
}

// Zone is the number of the zone, or the offset in minutes.
func (z Zoned) Zone() int32 { return -z.Months - zoneBase }

// zoneTable numbers the zones, as far as this process has met them: the numbers
// never leave it. Offsets have fixed numbers; there are about 600 names.
var zoneTable = struct {
	sync.RWMutex
	numbers map[string]int32
	names   []string
	places  []*time.Location
}{numbers: map[string]int32{}}

// firstName is the number of the first zone with a name, above those of
// offsets, which are minutes + maxOffset; that of UTC is 0.
const firstName = 10_000

// ZoneNumber is the number of a zone as NormalZone gives it.
func ZoneNumber(zone string) (int32, error) {
	if zone == "" {
		return 0, nil
	}
	if zone[0] == '+' || zone[0] == '-' {
		return int32(offsetSeconds(zone)/60) + maxOffset + 1, nil
	}
	zoneTable.RLock()
	n, ok := zoneTable.numbers[zone]
	zoneTable.RUnlock()
	if ok {
		return n, nil
	}
	loc, err := LoadZone(zone)
	if err != nil {
		return 0, err
	}
	zoneTable.Lock()
	defer zoneTable.Unlock()
	if n, ok := zoneTable.numbers[zone]; ok {
		return n, nil
	}
	n = firstName + int32(len(zoneTable.names))
	zoneTable.numbers[zone] = n
	zoneTable.names, zoneTable.places = append(zoneTable.names, zone), append(zoneTable.places, loc)
	return n, nil
}

// ZoneOf is the zone of a number: its name and place.
func ZoneOf(number int32) (string, *time.Location, error) {
	switch {
	case number == 0:
		return "", time.UTC, nil
	case number > 0 && number <= 2*maxOffset+1:
		name := OffsetZone(int(number) - maxOffset - 1)
		loc, err := LoadZone(name)
		return name, loc, err
	}
	zoneTable.RLock()
	defer zoneTable.RUnlock()
	i := int(number) - firstName
	if i < 0 || i >= len(zoneTable.names) {
		return "", nil, fmt.Errorf("no time zone has the number %d", number)
	}
	return zoneTable.names[i], zoneTable.places[i], nil
}

// Time is the instant in its zone; one whose zone nobody has numbered is in UTC.
func (z Zoned) Time() time.Time {
	_, loc, err := ZoneOf(z.Zone())
	if err != nil {
		loc = time.UTC
	}
	return time.UnixMicro(z.Micros).In(loc)
}

// TimeOfDay is a time of day with its offset.
func (z Zoned) TimeOfDay() TimeTZValue {
	const day = 24 * time.Hour
	local := (time.Duration(z.Micros)*time.Microsecond + time.Duration(z.Zone())*time.Minute) % day
	if local < 0 {
		local += day
	}
	return TimeTZValue{SinceMidnight: local, Offset: int(z.Zone()) * 60}
}

// Zoned carries a time of day with its offset.
func (v TimeTZValue) Zoned() Zoned {
	const day = 24 * time.Hour
	utc := (v.SinceMidnight - time.Duration(v.Offset)*time.Second) % day
	if utc < 0 {
		utc += day
	}
	return NewZoned(utc.Microseconds(), int32(v.Offset/60))
}
