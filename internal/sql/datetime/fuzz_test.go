package datetime

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzRead reads texts as every form of a date, a time and a duration: none may
// panic.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"2021-02-03", "2021-02-03T04:05:06.789+09:00", "2020-W53-7", "2021-034", "-0001-12-31 00:00:00", "24:00:00 America/New_York", "1.5 days", "", "\x00", "２０２１"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		_, _ = ISO(s)
		_, _ = ISODate(s)
		_, _ = Duration(s)
		ReadTimestamp(s)
		ReadTime(s)
		ReadDate(s)
	})
}

// FuzzPattern reads patterns of both kinds, writes a time by them and reads
// texts by them: nothing may panic.
func FuzzPattern(f *testing.F) {
	for _, p := range []string{"%Y-%m-%d %H:%i:%s.%f", "%W %j %p %%", "yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "EEE, d MMM yyyy", "'", "yyyyyyyyyyyyyyyy", "%", "xxxx-'W'ww-e"} {
		f.Add(p, "2021-02-03 04:05:06.789")
	}
	at := time.Date(2021, 2, 3, 4, 5, 6, 789e6, time.UTC)
	f.Fuzz(func(_ *testing.T, pattern, text string) {
		for _, read := range []func(string) (*Pattern, error){MySQL, Joda} {
			p, err := read(pattern)
			if err != nil {
				continue
			}
			_, _ = p.Parse(text)
			if out, err := p.Format(at); err == nil {
				_, _ = p.Parse(out)
			}
		}
	})
}

func TestPatternsReadWhatTheyWrite(t *testing.T) {
	at := time.Date(2021, 2, 3, 4, 5, 6, 789e6, time.UTC)
	for pattern, want := range map[string]string{
		"%Y-%m-%d %H:%i:%s.%f": "2021-02-03 04:05:06.789000", "%d/%b/%y %T": "03/Feb/21 04:05:06",
	} {
		p, err := MySQL(pattern)
		require.NoError(t, err)
		out, err := p.Format(at)
		require.NoError(t, err)
		require.Equal(t, want, out)
		_, err = p.Parse(out)
		require.NoError(t, err)
	}
	p, err := Joda("yyyy-MM-dd'T'HH:mm:ss.SSSZZ")
	require.NoError(t, err)
	out, err := p.Format(at)
	require.NoError(t, err)
	require.Equal(t, "2021-02-03T04:05:06.789+00:00", out)
	_, err = p.Parse(out)
	require.NoError(t, err)
}
