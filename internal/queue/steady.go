package queue

import (
	"log/slog"
	"sync"
	"time"
)

// steady keeps retention from a clock that is set while the store is open: the
// time by which messages grow old does not jump with it. They may then be kept
// longer than the retention says, never shorter.
type steady struct {
	clock Clock
	log   *slog.Logger

	mu      sync.Mutex
	wall    int64         // Unix ms at the last look
	elapsed time.Duration // at the last look
	jumped  int64         // ms by which the clock is off where it would be without having been set
	lowest  int64         // the least that jumped has been, at most 0
}

// stopwatch is a Clock that also tells the time since some moment by which
// nobody can set it.
type stopwatch interface{ Elapsed() time.Duration }

// smallestJump is more than a clock is slewed between two looks.
const smallestJump = 5 * time.Second

func newSteady(c Clock, log *slog.Logger) *steady {
	s := &steady{clock: c, log: log}
	s.see(c.Now().UnixMilli())
	return s
}

// see takes note of how the clock is at a moment whose time is written down.
func (s *steady) see(now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look(now)
}

// before returns the Unix millisecond by which messages have at most the age
// that they really have at now, the clock's own: one may have been sent while
// the clock was as far back as it ever was.
func (s *steady) before(now int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look(now)
	return now - s.jumped + s.lowest
}

// look compares the clock with the stopwatch; the caller holds mu.
func (s *steady) look(now int64) {
	w, ok := s.clock.(stopwatch)
	if !ok {
		return
	}
	elapsed := w.Elapsed()
	if s.wall != 0 {
		jump := time.Duration(now-s.wall)*time.Millisecond - (elapsed - s.elapsed)
		if jump.Abs() >= smallestJump {
			s.jumped += jump.Milliseconds()
			s.lowest = min(s.lowest, s.jumped)
			s.log.Warn("the clock was set; messages grow old as if it had not been", "by", jump.Round(time.Millisecond))
		}
	}
	s.wall, s.elapsed = now, elapsed
}
