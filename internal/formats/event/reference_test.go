package event

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reference reads an accepted time with the time package.
func reference(t *testing.T, s string) int64 {
	s = strings.Map(func(r rune) rune {
		switch r {
		case 't':
			return 'T'
		case 'z':
			return 'Z'
		}
		return r
	}, s)
	s = strings.Replace(s, " ", "T", 1)
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		for _, zone := range []string{"", "Z07:00", "Z0700", "Z07"} {
			if at, err := time.Parse(layout+zone, s); err == nil {
				return floorMilli(at)
			}
		}
	}
	require.Fail(t, "the time package does not read it", s)
	return 0
}

func floorMilli(t time.Time) int64 { return t.Unix()*1000 + int64(t.Nanosecond())/1e6 }
