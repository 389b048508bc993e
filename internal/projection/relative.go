package projection

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// relative is what a bound of a date range may be, as the user guide has it.
const relative = `\s*NOW\s*(([\+\-])\s*([0-9]+)\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?)\s*)?`

var relativePattern = regexp.MustCompile(`^` + relative + `$`)

// relativeTime reads a bound such as NOW-3YEARS.
func relativeTime(s string, now time.Time) (t time.Time, ok bool, err error) {
	m := relativePattern.FindStringSubmatch(s)
	if m == nil {
		return t, false, nil
	}
	if m[1] == "" {
		return now, true, nil
	}
	n, err := strconv.ParseInt(m[3], 10, 64)
	if err != nil || n > maxInterval {
		return t, true, fmt.Errorf("'%s' is too far away", s)
	}
	if m[2] == "-" {
		n = -n
	}
	t = step{n, unitNames[m[4]]}.next(now)
	return t, true, checkYear(t)
}
