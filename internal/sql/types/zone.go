package types

import (
	"fmt"
	"strconv"
	"sync"
	"time"
)

var zones sync.Map // zone name to *time.Location

// LoadZone finds a time zone as SQL names it: an IANA name (Asia/Seoul, UTC)
// or an offset (+09:00, -03:30). "" is UTC.
func LoadZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := parseZone(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, loc)
	return loc, nil
}

func parseZone(name string) (*time.Location, error) {
	if name[0] == '+' || name[0] == '-' {
		return parseOffset(name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("'%s' is not a valid time zone", name)
	}
	return loc, nil
}

func parseOffset(name string) (*time.Location, error) {
	bad := fmt.Errorf("'%s' is not a valid time zone", name)
	if len(name) != 6 || name[3] != ':' {
		return nil, bad
	}
	h, err1 := strconv.ParseUint(name[1:3], 10, 8)
	m, err2 := strconv.ParseUint(name[4:6], 10, 8)
	if err1 != nil || err2 != nil || h > 14 || m > 59 || h == 14 && m > 0 {
		return nil, bad
	}
	seconds := int(h*3600 + m*60)
	if name[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), nil
}
