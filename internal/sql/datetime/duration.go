package datetime

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
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

var readable = []struct {
	name    string
	seconds int64
}{{"week", 604800}, {"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}}

// HumanReadable writes seconds as "1 hour, 2 seconds"; a sign is dropped.
func HumanReadable(seconds float64) (string, error) {
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return "", fmt.Errorf("Invalid argument found: %s", javaName(seconds)) //nolint:staticcheck // Trino's words
	}
	rest := roundHalfUp(math.Abs(seconds))
	var parts []string
	for _, u := range readable {
		n := rest / u.seconds
		rest %= u.seconds
		if n == 0 && (u.seconds > 1 || len(parts) > 0) {
			continue
		}
		s := "s"
		if n == 1 {
			s = ""
		}
		parts = append(parts, fmt.Sprintf("%d %s%s", n, u.name, s))
	}
	return strings.Join(parts, ", "), nil
}

func roundHalfUp(x float64) int64 {
	if x >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(math.Floor(x + 0.5))
}

func javaName(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case x < 0:
		return "-Infinity"
	}
	return "Infinity"
}
