package datetime

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

var durationForm = regexp.MustCompile(`^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$`)

// durationUnits are milliseconds.
var durationUnits = map[string]float64{"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

// Duration reads "1.5m" as parse_duration does, in whole milliseconds.
func Duration(text string) (int64, error) {
	m := durationForm.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("duration is not a valid data duration string: %s", text)
	}
	unit, ok := durationUnits[m[2]]
	if !ok {
		return 0, fmt.Errorf("Unknown time unit: %s", m[2]) //nolint:staticcheck // Trino's words
	}
	value, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, fmt.Errorf("value is not finite: %s", m[1])
	}
	millis := math.Floor(value*unit + 0.5)
	if millis > math.MaxInt64/2 {
		return 0, fmt.Errorf("value %s is too large in requested unit ms", text)
	}
	return int64(millis), nil
}
