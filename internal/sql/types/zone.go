package types

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// utcNames are the names that Trino takes for UTC; see NormalZone.
var utcNames = map[string]bool{}

func init() {
	for _, n := range strings.Fields(`GMT GMT0 GMT+0 GMT-0 Etc/GMT Etc/GMT0 Etc/GMT+0 Etc/GMT-0 UT UT+0 UT-0 Etc/UT Etc/UT+0 Etc/UT-0
		UTC UTC+0 UTC-0 Etc/UTC Etc/UTC+0 Etc/UTC-0 +0000 +00:00 -0000 -00:00 Z Zulu UCT Greenwich Universal Etc/Universal Etc/UCT`) {
		utcNames[n] = true
	}
}

// offsetPrefixes may stand before an offset; that of Etc/GMT has its sign
// turned.
var offsetPrefixes = []string{"Etc/GMT", "Etc/UTC", "Etc/UT", "GMT", "UTC", "UT"}

// notZones are names of the tz database that Trino does not take.
var notZones = map[string]bool{
	"Local": true, "EST": true, "MST": true, "HST": true, "Factory": true, "posixrules": true, "Etc/Greenwich": true, "Etc/Zulu": true,
}

// NormalZone is the name that Trino gives to a zone in any of its spellings: ""
// is UTC, "+09:00" an offset (also for GMT+9, UTC+09:00, +9, +0900, Etc/GMT-9),
// else a name of the tz database, whose case counts.
func NormalZone(name string) (string, error) {
	switch {
	case utcNames[name]:
		return "", nil
	case name == "" || notZones[name]:
		return "", unknownZone(name)
	}
	for _, prefix := range offsetPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && (rest[0] == '+' || rest[0] == '-') {
			return normalOffset(name, rest, prefix == "Etc/GMT")
		}
	}
	if name[0] == '+' || name[0] == '-' {
		return normalOffset(name, name, false)
	}
	if _, err := time.LoadLocation(name); err != nil {
		return "", unknownZone(name)
	}
	return name, nil
}

func unknownZone(name string) error { return fmt.Errorf("'%s' is not a valid time zone", name) }

// normalOffset reads +h, +hh, +hhmm and +hh:mm, up to 14 hours.
func normalOffset(name, text string, turned bool) (string, error) {
	digits := text[1:]
	switch {
	case len(digits) == 1:
		digits = "0" + digits + "00"
	case len(digits) == 2:
		digits += "00"
	case len(digits) == 5 && digits[2] == ':':
		digits = digits[:2] + digits[3:]
	case len(digits) != 4:
		return "", unknownZone(name)
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	h, m := int(n/100), int(n%100)
	if err != nil || m > 59 || h*60+m > maxOffset {
		return "", unknownZone(name)
	}
	minutes := h*60 + m
	if (text[0] == '-') != turned {
		minutes = -minutes
	}
	return OffsetZone(minutes), nil
}

// maxOffset is the greatest offset in minutes.
const maxOffset = 14 * 60

// OffsetZone is the zone of an offset in minutes, at most 14 hours, east of
// UTC.
func OffsetZone(minutes int) string {
	if minutes == 0 {
		return ""
	}
	return string(appendOffset(nil, minutes*60))
}

var zones sync.Map // zone name to *time.Location

// LoadZone finds a time zone as SQL names it, in any spelling of NormalZone. ""
// is UTC.
func LoadZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	normal, err := NormalZone(name)
	if err != nil {
		return nil, err
	}
	loc := time.UTC
	switch {
	case normal == "":
	case normal[0] == '+' || normal[0] == '-':
		loc = time.FixedZone(normal, offsetSeconds(normal))
	default:
		if loc, err = time.LoadLocation(normal); err != nil {
			return nil, unknownZone(name)
		}
	}
	zones.Store(name, loc)
	return loc, nil
}

// offsetSeconds is the offset of a zone "+hh:mm".
func offsetSeconds(zone string) int {
	h, _ := strconv.Atoi(zone[1:3])
	m, _ := strconv.Atoi(zone[4:6])
	if zone[0] == '-' {
		return -(h*3600 + m*60)
	}
	return h*3600 + m*60
}
