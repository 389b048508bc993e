package orc

import (
	"time"

	"github.com/scopsdb/scops/internal/formats"
)

// timestamps is a column of wall clocks: seconds since 2015 began where the file
// was written, and nanoseconds.
type timestamps struct {
	presence
	seconds, nanos integers
	base           int64
	zone           *time.Location // of the writer; nil: UTC
	first, second  buffer
}

func newTimestamps(p presence, seconds, nanos integers, zone *time.Location) *timestamps {
	c := &timestamps{presence: p, seconds: seconds, nanos: nanos, zone: zone}
	at := zone
	if at == nil {
		at = time.UTC
	}
	c.base = time.Date(2015, 1, 1, 0, 0, 0, 0, at).Unix()
	return c
}

// nanoScales are what the last three bits of the nanoseconds mean: zeros that
// were taken off.
var nanoScales = [8]int64{1, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

// maxSeconds bounds timestamps to what microseconds can count.
const maxSeconds = 9e12

func (c *timestamps) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	seconds, nanos := c.first.of(have), c.second.of(have)
	if err := c.seconds.read(seconds); err != nil {
		return err
	}
	if err := c.nanos.read(nanos); err != nil {
		return err
	}
	for i, s := range seconds {
		if s > maxSeconds || s < -maxSeconds {
			return corrupt("A timestamp is out of range")
		}
		if seconds[i], err = c.micros(s, nanos[i]); err != nil {
			return err
		}
	}
	to.AppendBits(seconds, valid)
	return nil
}

// micros is a wall clock, rounded to the milliseconds that Athena has.
func (c *timestamps) micros(seconds, packed int64) (int64, error) {
	nanos := packed >> 3 * nanoScales[packed&7]
	if packed < 0 || packed > 8e9 || nanos > 999_999_999 {
		return 0, corrupt("Nanos field of timestamp is out of range")
	}
	seconds += c.base
	millis := seconds * 1000
	if nanos != 0 {
		if seconds < 0 { // the first writers rounded towards zero, and all do as they did
			millis -= 1000
		}
		millis += (nanos + 500_000) / 1_000_000
	}
	if c.zone != nil {
		_, offset := time.UnixMilli(millis).In(c.zone).Zone()
		millis += int64(offset) * 1000
	}
	return millis * 1000, nil
}
