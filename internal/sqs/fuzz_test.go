package sqs

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzAllowed compares allowed with the rule as SQS words it.
func FuzzAllowed(f *testing.F) {
	for _, s := range []string{"", "plain text of some length", "\x1f1234567", "1234567\x1f", "성동구\uFFFE", "\uFFFD", "\t\r\n", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := utf8.ValidString(s)
		for _, r := range s {
			ok := r == 0x9 || r == 0xA || r == 0xD || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
			want = want && ok
		}
		require.Equal(t, want, allowed(s), "%q", s)
	})
}

// FuzzQueueName: whatever a client calls a queue URL must not panic, and must
// not name a queue that could be no queue's name without being refused later.
func FuzzQueueName(f *testing.F) {
	for _, s := range []string{"", "/", "http://h:1/0/q", "q", "%zz", "http://h/%2F", "http://[::1]:4566/0/q/", "?a=b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := queueName(s)
		if err == nil {
			require.NotEmpty(t, name)
			require.NotContains(t, string(name), "/")
		}
	})
}
