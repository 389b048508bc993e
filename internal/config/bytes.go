package config

import (
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
	"github.com/goccy/go-yaml"
)

// Bytes is a size that YAML writes as 64MiB, 10MB or a number of bytes.
type Bytes int64

// UnmarshalYAML reads 64MiB, 10MB, 4096.
func (b *Bytes) UnmarshalYAML(text []byte) error {
	var s string
	if err := yaml.Unmarshal(text, &s); err != nil {
		return err
	}
	n, err := humanize.ParseBytes(s)
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("%q is not a size such as 64MiB", s)
	}
	*b = Bytes(n)
	return nil
}
