package event

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// moment is a point in time as an event gave it.
type moment struct {
	millis  int64 // since 1970-01-01 00:00: of the instant in UTC, or of the wall clock as written
	instant bool  // an offset, Z or an epoch number said which instant it is
}

// zoneSpan remembers the last offset of a zone and while when it holds: events
// of one batch mostly fall into the same months.
type zoneSpan struct {
	from, to int64 // milliseconds
	offset   int64
}

// wall is the wall clock in zone, carried as UTC. What was written without an
// offset is taken as a wall clock of that zone.
func (s *zoneSpan) wall(m moment, zone *time.Location) (time.Time, bool) {
	at := m.millis
	if m.instant && zone != time.UTC {
		if at < s.from || at >= s.to {
			s.look(time.UnixMilli(at).In(zone))
		}
		at += s.offset
	}
	return time.UnixMilli(at).UTC(), at >= minMillis && at <= maxMillis
}

func (s *zoneSpan) look(t time.Time) {
	_, seconds := t.Zone()
	s.offset = int64(seconds) * 1000
	s.from, s.to = math.MinInt64, math.MaxInt64
	from, to := t.ZoneBounds()
	if !from.IsZero() {
		s.from = from.UnixMilli()
	}
	if !to.IsZero() {
		s.to = to.UnixMilli()
	}
}

const (
	timeForms = "not a time of the form YYYY-MM-DD HH:MM:SS.fff, with an offset or without"
	noSuchDay = "no such day"
	outOfTime = "outside the years 0001 to 9999"
)

var monthDays = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// parseDate reads YYYY-MM-DD as days since 1970-01-01.
func parseDate(s string) (int64, string) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, "not a date of the form YYYY-MM-DD"
	}
	y, m, d := digitsIn(s[:4]), digitsIn(s[5:7]), digitsIn(s[8:])
	if y < 0 || m < 0 || d < 0 {
		return 0, "not a date of the form YYYY-MM-DD"
	}
	leap := y%4 == 0 && (y%100 != 0 || y%400 == 0)
	if y == 0 || m == 0 || m > 12 || d == 0 || d > monthDays[m] || (m == 2 && d == 29 && !leap) {
		return 0, noSuchDay
	}
	return days(y, m, d), ""
}

// days counts from 1970-01-01, after Howard Hinnant's days_from_civil.
func days(y, m, d int) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return int64(era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468)
}

// digitsIn reads digits only, -1 for anything else.
func digitsIn(s string) int {
	n := 0
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

// parseTime reads ISO 8601 and SQL timestamps; a date alone is its midnight.
// Digits beyond milliseconds, which a Hive timestamp shows in Athena, are cut.
func parseTime(s string) (moment, string) {
	if len(s) < 10 {
		return moment{}, timeForms
	}
	day, detail := parseDate(s[:10])
	if detail != "" {
		if detail != noSuchDay {
			detail = timeForms
		}
		return moment{}, detail
	}
	m := moment{millis: day * 86_400_000}
	if len(s) == 10 {
		return m, ""
	}
	if c := s[10]; c != ' ' && c != 'T' && c != 't' {
		return m, timeForms
	}
	clock, rest, ok := parseClock(s[11:])
	if !ok {
		return m, timeForms
	}
	offset, instant, ok := parseOffset(rest)
	if !ok {
		return m, timeForms
	}
	m.millis, m.instant = m.millis+clock-offset, instant
	if m.millis < minMillis || m.millis > maxMillis {
		return m, outOfTime
	}
	return m, ""
}

var (
	minMillis = days(1, 1, 1) * 86_400_000
	maxMillis = days(9999, 12, 31)*86_400_000 + 86_399_999
)

// parseClock reads HH:MM[:SS[.fraction]] as milliseconds of the day.
func parseClock(s string) (millis int64, rest string, ok bool) {
	if len(s) < 5 || s[2] != ':' {
		return 0, "", false
	}
	h, m, sec := digitsIn(s[:2]), digitsIn(s[3:5]), 0
	rest = s[5:]
	if len(rest) >= 3 && rest[0] == ':' {
		sec = digitsIn(rest[1:3])
		rest = rest[3:]
		if len(rest) > 0 && rest[0] == '.' {
			n := 1
			for n < len(rest) && rest[n]-'0' <= 9 {
				if n <= 3 {
					millis = millis*10 + int64(rest[n]-'0')
				}
				n++
			}
			if n == 1 || n > 10 {
				return 0, "", false
			}
			for range 4 - n {
				millis *= 10
			}
			rest = rest[n:]
		}
	}
	if h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59 {
		return 0, "", false
	}
	return millis + int64(h*3600+m*60+sec)*1000, rest, true
}

// parseOffset reads "", Z, +HH, +HHMM or +HH:MM as milliseconds east of UTC.
func parseOffset(s string) (millis int64, instant, ok bool) {
	switch {
	case s == "":
		return 0, false, true
	case s == "Z" || s == "z":
		return 0, true, true
	case s[0] != '+' && s[0] != '-':
		return 0, false, false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) == 2 {
		digits += "00"
	}
	if len(digits) != 4 {
		return 0, false, false
	}
	h, m := digitsIn(digits[:2]), digitsIn(digits[2:])
	if h < 0 || h > 18 || m < 0 || m > 59 {
		return 0, false, false
	}
	millis = int64(h*60+m) * 60_000
	if s[0] == '-' {
		millis = -millis
	}
	return millis, true, true
}

// secondsBelow is where whole epoch numbers change from seconds (up to the year
// 5138) to milliseconds (from 1973-03-03), as in AWS's own JSON SerDes.
const secondsBelow = 100_000_000_000

// parseEpoch reads a number as an instant: a whole number is seconds or
// milliseconds by its size, one with a fraction is seconds.
func parseEpoch(n string) (moment, string) {
	m := moment{instant: true}
	if strings.ContainsAny(n, ".eE") {
		f, err := strconv.ParseFloat(n, 64)
		if err != nil || math.Abs(f) >= secondsBelow {
			return m, outOfTime
		}
		m.millis = int64(math.Floor(math.Round(f*1e6) / 1e3)) // digits beyond milliseconds are cut
	} else {
		v, err := strconv.ParseInt(n, 10, 64)
		if err != nil {
			return m, outOfTime
		}
		if m.millis = v; v > -secondsBelow && v < secondsBelow {
			m.millis = v * 1000
		}
	}
	if m.millis < minMillis || m.millis > maxMillis {
		return m, outOfTime
	}
	return m, ""
}
