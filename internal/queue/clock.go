package queue

import "time"

// Clock tells the time and wakes. SystemClock is the real one.
type Clock interface {
	Now() time.Time
	// After sends once when d has passed; stop releases it earlier.
	After(d time.Duration) (c <-chan time.Time, stop func())
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now returns time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// Elapsed returns the time since the program began, by the monotonic clock.
func (SystemClock) Elapsed() time.Duration { return time.Since(began) }

var began = time.Now()

// After returns the channel of a timer.
func (SystemClock) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
