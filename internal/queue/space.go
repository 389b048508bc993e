package queue

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// space keeps Pebble from running out of disk, which it would not survive: a
// failed write of its log or manifest ends the process.
//
// Three lines of defence: sends are refused while less than reserve is free;
// every change is refused while less than a quarter of that is; and a ballast
// file is given up when a write fails all the same, after which the failed
// write is repeated.
type space struct {
	dir     string
	inner   vfs.FS // below the disk-full wrapper
	reserve uint64
	ballast uint64
	log     *slog.Logger

	sunk  atomic.Bool   // the ballast is gone
	sinks atomic.Uint64 // how often it was given up

	mu   sync.Mutex
	full bool // logged
}

const ballastName = "BALLAST"

// fullness is how short space is.
type fullness struct {
	free, need uint64
	grow, all  bool // refuse what grows; refuse everything
}

func (f fullness) refuses(k opKind) error {
	if f.all || f.grow && k&opGrows != 0 {
		return fmt.Errorf("%w: %d bytes are free, %d must be", ErrNoSpace, f.free, f.need)
	}
	return nil
}

// check looks at the disk before bytes are written.
func (s *space) check(bytes int) fullness {
	usage, err := s.inner.GetDiskUsage(s.dir)
	if err != nil {
		return fullness{} // the file system cannot tell, for example in memory
	}
	f := fullness{free: usage.AvailBytes, need: s.reserve + 2*uint64(bytes)}
	f.all = f.free < s.reserve/4+2*uint64(bytes)
	f.grow = f.free < f.need
	if s.sunk.Load() && !s.refloat(f.free) {
		f.need, f.grow = s.reserve+2*s.ballast, true
	}
	s.report(f)
	return f
}

func (s *space) report(f fullness) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full == f.grow {
		return
	}
	s.full = f.grow
	if f.grow {
		s.log.Error("disk is nearly full: queues refuse messages", "dir", s.dir, "free", f.free, "needed", f.need)
		return
	}
	s.log.Info("disk has space again: queues accept messages", "dir", s.dir, "free", f.free)
}

// sink gives up the ballast. Pebble's file system calls it when a write found
// the disk full.
func (s *space) sink() {
	s.sunk.Store(true)
	s.sinks.Add(1)
	err := s.inner.Remove(s.path()) // also one that float is just making
	s.log.Error("disk is full: gave up the ballast file", "dir", s.dir, "error", err)
}

// refloat makes the ballast again when there is room for it.
func (s *space) refloat(free uint64) bool {
	if free < s.reserve+2*s.ballast {
		return false
	}
	if err := s.float(); err != nil {
		s.log.Error("cannot write the ballast file", "dir", s.dir, "error", err)
		return false
	}
	return true
}

// open makes the ballast where there is room; otherwise check makes it later.
func (s *space) open() {
	usage, err := s.inner.GetDiskUsage(s.dir)
	if err != nil {
		return
	}
	s.sunk.Store(true)
	_ = s.inner.Remove(s.path()) // one left behind may be incomplete
	if usage, err = s.inner.GetDiskUsage(s.dir); err == nil {
		s.refloat(usage.AvailBytes)
	}
}

// float makes the ballast file.
func (s *space) float() error {
	sinks := s.sinks.Load()
	f, err := s.inner.Create(s.path(), vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	err = fillFile(f, s.ballast)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil && s.sinks.Load() != sinks {
		err = errors.New("the disk became full meanwhile")
	}
	if err != nil {
		_ = s.inner.Remove(s.path()) // the error below says enough
		return err
	}
	s.sunk.Store(false)
	return nil
}

// fillFile takes n bytes of disk: written, since not every file system can
// reserve.
func fillFile(f vfs.File, n uint64) error {
	block := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(block) // no file system compresses it away
	for n > 0 {
		b := block[:min(n, uint64(len(block)))]
		if _, err := f.Write(b); err != nil {
			return err
		}
		n -= uint64(len(b))
	}
	return f.Sync()
}

func (s *space) path() string { return s.inner.PathJoin(s.dir, ballastName) }
