package sqs

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzPath holds path against package url.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1:4566/000000000000/q", "https://h/1/%71?x=1#y", "http://q", "q", "/1/q", "://", "a://b/c", "http:///q", "http://u@h/q", "http://[::1]:1/q", "\x7f", "1a://h/q", "/://0/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if u, err := url.Parse(text); err == nil {
			require.Equal(t, u.Path, path(text))
		}
	})
}
