package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Duration is a time.Duration that YAML writes as "1s", or in days as "30d".
type Duration time.Duration

const day = 24 * time.Hour

// UnmarshalYAML reads "1s", "20ms", "30d".
func (d *Duration) UnmarshalYAML(text []byte) error {
	var s string
	if err := yaml.Unmarshal(text, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if n, ok := strings.CutSuffix(s, "d"); ok && err != nil {
		var days uint64
		if days, err = strconv.ParseUint(n, 10, 16); err == nil {
			v = time.Duration(days) * day
		}
	}
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a duration such as 1s, 20ms or 30d", s)
	}
	*d = Duration(v)
	return nil
}
