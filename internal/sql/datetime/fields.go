package datetime

import "time"

// fieldNames are Joda's.
var fieldNames = map[field]string{
	era: "era", century: "centuryOfEra", yearOfEra: "yearOfEra", year: "year", weekyear: "weekyear", month: "monthOfYear",
	week: "weekOfWeekyear", dayOfYear: "dayOfYear", dayOfMonth: "dayOfMonth", dayOfWeek: "dayOfWeek",
	halfday: "halfdayOfDay", clockhourOfHalfday: "clockhourOfHalfday", hourOfHalfday: "hourOfHalfday",
	clockhourOfDay: "clockhourOfDay", hourOfDay: "hourOfDay", minute: "minuteOfHour", second: "secondOfMinute", milli: "millisOfSecond",
}

// maxYear is the latest year of Joda.
const maxYear = 292278993

// limits are the values that a field takes in the date t.
func (s saved) limits(t time.Time) (low, high int) {
	switch s.field {
	case era, halfday:
		return 0, 1
	case year, weekyear:
		return -292275054, maxYear
	case yearOfEra:
		return 1, maxYear
	case century:
		return 0, maxYear / 100
	case month:
		return 1, 12
	case week:
		y, _ := t.ISOWeek()
		return 1, weeksOf(y)
	case dayOfYear:
		return 1, time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	case dayOfMonth:
		return 1, daysOf(t.Year(), t.Month())
	case dayOfWeek:
		return 1, 7
	case clockhourOfHalfday:
		return 1, 12
	case hourOfHalfday:
		return 0, 11
	case clockhourOfDay:
		return 1, 24
	case hourOfDay:
		return 0, 23
	case milli:
		return 0, 999
	}
	return 0, 59
}

func daysOf(y int, m time.Month) int { return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

func weeksOf(y int) int {
	_, w := time.Date(y, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return w
}

// set gives t another value of a field; a value beyond the limits is left for
// their check.
func (s saved) set(t time.Time) time.Time {
	low, high := s.limits(t)
	n := min(max(s.value, low), high)
	clock := t.Sub(t.Truncate(24 * time.Hour))
	switch s.field {
	case year:
		return inYear(t, n).Add(clock)
	case yearOfEra:
		if t.Year() <= 0 {
			n = 1 - n
		}
		return inYear(t, n).Add(clock)
	case era:
		if (t.Year() > 0) != (n == 1) {
			return inYear(t, 1-t.Year()).Add(clock)
		}
		return t
	case century:
		return inYear(t, n*100+valueOf(t, yearOfEra)%100).Add(clock)
	case month:
		day := min(t.Day(), daysOf(t.Year(), time.Month(n)))
		return time.Date(t.Year(), time.Month(n), day, 0, 0, 0, 0, time.UTC).Add(clock)
	case weekyear:
		_, w := t.ISOWeek()
		return isoDate(n, min(w, weeksOf(n)), valueOf(t, dayOfWeek)).Add(clock)
	case week, dayOfWeek, dayOfMonth, dayOfYear:
		return t.AddDate(0, 0, s.days(t, n))
	}
	return s.setClock(t, n)
}

// days is how far t is from the value of a field of days.
func (s saved) days(t time.Time, n int) int {
	if s.field == week {
		return 7 * (n - valueOf(t, week))
	}
	return n - valueOf(t, s.field)
}

// inYear is t's date in another year; a 29 February becomes a 28.
func inYear(t time.Time, y int) time.Time {
	return time.Date(y, t.Month(), min(t.Day(), daysOf(y, t.Month())), 0, 0, 0, 0, time.UTC)
}

// isoDate is a day of a week of the ISO calendar.
func isoDate(y, w, day int) time.Time {
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	return fourth.AddDate(0, 0, 7*(w-1)+day-valueOf(fourth, dayOfWeek))
}

func (s saved) setClock(t time.Time, n int) time.Time {
	h, m, sec, ms := t.Hour(), t.Minute(), t.Second(), t.Nanosecond()/1e6
	switch s.field {
	case halfday:
		h = h%12 + 12*n
	case clockhourOfHalfday, hourOfHalfday:
		h = h/12*12 + n%12
	case clockhourOfDay, hourOfDay:
		h = n % 24
	case minute:
		m = n
	case second:
		sec = n
	case milli:
		ms = n
	}
	return time.Date(t.Year(), t.Month(), t.Day(), h, m, sec, ms*1e6, time.UTC)
}

// floor cuts what is smaller than the smallest field that was read.
func (b *bucket) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	h, minutes, sec := t.Clock()
	if len(b.fields) == 0 {
		return t
	}
	switch b.fields[len(b.fields)-1].field {
	case era, century, yearOfEra, year:
		m, d, h, minutes, sec = 1, 1, 0, 0, 0
	case weekyear:
		iso, _ := t.ISOWeek()
		return isoDate(iso, 1, 1)
	case week:
		iso, w := t.ISOWeek()
		return isoDate(iso, w, 1)
	case month:
		d, h, minutes, sec = 1, 0, 0, 0
	case dayOfYear, dayOfMonth, dayOfWeek:
		h, minutes, sec = 0, 0, 0
	case halfday:
		h, minutes, sec = h/12*12, 0, 0
	case milli:
		return t
	}
	return time.Date(y, m, d, h, minutes, sec, 0, time.UTC)
}

// FromLocal is the instant of a wall clock in a zone. Where the clocks jump over
// it gap is true and the wall clock is counted with the offset before; where
// they show it twice it is the first.
func FromLocal(wall time.Time, loc *time.Location) (t time.Time, gap bool) {
	// The offsets in force a day before and after bound every jump.
	_, before := wall.Add(-36 * time.Hour).In(loc).Zone()
	_, after := wall.Add(36 * time.Hour).In(loc).Zone()
	for _, offset := range []int{max(before, after), min(before, after)} {
		t = wall.Add(-time.Duration(offset) * time.Second).In(loc)
		if _, have := t.Zone(); have == offset {
			return t, false
		}
	}
	// Go's own rules, for zones that change twice within three days.
	t = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), loc)
	if t.Hour() == wall.Hour() && t.Minute() == wall.Minute() {
		return t, false
	}
	return wall.Add(-time.Duration(before) * time.Second).In(loc), true
}
