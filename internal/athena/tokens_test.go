package athena

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"
)

func TestPageByName(t *testing.T) {
	names := []string{"c", "a", "b"}
	page, next, err := pageByName(names, nil, aws.Int32(2), 50)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, page)
	require.NotNil(t, next)

	page, next, err = pageByName([]string{"a", "b", "bb", "c"}, next, aws.Int32(2), 50)
	require.NoError(t, err)
	require.Equal(t, []string{"bb", "c"}, page, "a name that came in between is not lost")
	require.Nil(t, next, "the last page has no token: an empty one makes clients loop for ever")

	_, _, err = pageByName(names, aws.String("%"), nil, 50)
	require.ErrorContains(t, err, "Malformed nextPageToken %")
	_, _, err = pageByName(names, nil, aws.Int32(51), 50)
	require.ErrorContains(t, err, "maxResults")
}

func TestMillisRoundUp(t *testing.T) {
	require.Equal(t, int64(0), *millis(0))
	require.Equal(t, int64(1), *millis(time.Microsecond))
	require.Equal(t, int64(2), *millis(time.Millisecond + 1))
}

func TestTrimStatement(t *testing.T) {
	for in, want := range map[string]string{
		"  SELECT 1 ;\n": "SELECT 1",
		"SELECT ';'":     "SELECT ';'",
		"-- c\nSELECT 1": "-- c\nSELECT 1",
		"SELECT 1; ;":    "SELECT 1",
	} {
		require.Equal(t, want, trimStatement(in))
	}
}
