package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDocumentsOfDeliveries(t *testing.T) {
	for _, text := range []string{
		`{"name": "orders", "queue": "order-events", "table": "shop.orders", "errors": "s3://logs/errors/"}`,
		`{"name": "orders", "queue": "q", "table": "shop.orders", "event_time": "at \"x\"", "timezone": "Asia/Seoul", "max_wait": "1m30s", "max_records": 7, "max_bytes": 1048576, "errors": "s3://l/가 e/\n\u0007\u00e9\t\\x", "late": {"older_than": "720h0m0s", "action": "reject"}, "sort_by": ["a", "b"]}`,
	} {
		d, err := ParseDelivery([]byte(text))
		require.NoError(t, err)
		document, err := d.Document()
		require.NoError(t, err)
		require.JSONEq(t, text, string(document))
		again, err := ParseDelivery(document)
		require.NoError(t, err)
		require.Equal(t, d, again)
	}
	d, err := ParseDelivery([]byte("name: orders\nmax_wait: 2s # as in the file\n"))
	require.NoError(t, err)
	require.Equal(t, Duration(2*time.Second), d.MaxWait)
	for text, want := range map[string]string{
		"":                       "the definition is empty",
		`{"nme": "x"}`:           `unknown field "nme"`,
		`{"max_wait": "soon"}`:   `"soon" is not a duration`,
		`{"max_records": "few"}`: "cannot unmarshal",
		`{`:                      "[1:1]",
	} {
		_, err := ParseDelivery([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}
