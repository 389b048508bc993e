package dedup

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

// Memory of a store, whatever number of keys it has: blocks of its files, with
// the filters that tell most new keys without reading a file, and what is not
// in a file yet.
const (
	cacheSize    = 64 << 20
	memTableSize = 8 << 20
	filterBits   = 10 // a key; 1 in 100 new keys is looked for in a file
)

// Store keeps the keys of all deliveries. It opens its folder when the first
// scope asks for it. It is safe for concurrent use.
type Store struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	db     *pebble.DB
	closed bool
}

// New returns the store of a folder, which is made when it is needed.
func New(dir string, log *slog.Logger) *Store { return &Store{dir: dir, log: log} }

var errClosed = errors.New("the keys of delivered events are closed")

func (s *Store) open() (*pebble.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if s.db != nil {
		return s.db, nil
	}
	cache := pebble.NewCache(cacheSize)
	defer cache.Unref()
	o := &pebble.Options{Cache: cache, MemTableSize: memTableSize, FormatMajorVersion: pebble.FormatNewest, Logger: logger{s.log}}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(filterBits)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the keys of delivered events: %w", err)
	}
	db, err := pebble.Open(s.dir, o)
	if err != nil {
		return nil, fmt.Errorf("open the keys of delivered events in %s: %w", s.dir, err)
	}
	s.db = db
	return db, nil
}

// Close closes the folder, if it was opened.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.db == nil {
		return nil
	}
	err := s.db.Close()
	s.db = nil
	return err
}

// Hash stands for a key. Two keys that differ have the same with a chance that
// nobody sees: 128 bits of SHA-256.
type Hash [16]byte

// HashOf is the hash of a key.
func HashOf(key []byte) Hash {
	sum := sha256.Sum256(key)
	return Hash(sum[:16])
}

// Message is the one that carried an event.
type Message struct {
	Queue    int64 // when its queue was made, Unix ns
	Sequence uint64
	SentAt   time.Time
}

// Entry is a delivered event.
type Entry struct {
	Key Hash
	Message
}

// Scope is the keys of one delivery. It is not safe for concurrent use.
type Scope struct {
	store  *Store
	prefix [8]byte
	window time.Duration
	begun  bool
	// first and last bound the spans that may have keys.
	first, last int64
}

// Scope returns the keys of a delivery, of the given columns and window. Other
// columns or another window begin anew.
func (s *Store) Scope(delivery string, columns []string, window time.Duration) *Scope {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q %q %d", delivery, strings.Join(columns, "\x00"), window)))
	return &Scope{store: s, prefix: [8]byte(sum[:8]), window: window}
}

// A span is half a window of send times: a look goes through five at most, and
// keys lie on disk for at most half a window longer than they are needed.
func (s *Scope) span(t time.Time) int64 {
	n, w := t.UnixMilli(), max(1, s.window.Milliseconds()/2)
	q := n / w
	if n%w < 0 {
		q--
	}
	return q
}

const keyLength = 8 + 8 + 16 // prefix, span, hash

func (s *Scope) key(span int64, h Hash) []byte {
	b := make([]byte, 0, keyLength)
	b = append(b, s.prefix[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(span)^1<<63)
	return append(b, h[:]...)
}

// begin finds the spans that have keys.
func (s *Scope) begin() (*pebble.DB, error) {
	db, err := s.store.open()
	if err != nil || s.begun {
		return db, err
	}
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: s.prefix[:], UpperBound: after(s.prefix)})
	if err != nil {
		return nil, err
	}
	s.first, s.last = 1, 0
	if it.First() {
		s.first = spanOf(it.Key())
	}
	if it.Last() {
		s.last = spanOf(it.Key())
	}
	s.begun = true
	return db, errors.Join(it.Error(), it.Close())
}

func spanOf(key []byte) int64 { return int64(binary.BigEndian.Uint64(key[8:]) ^ 1<<63) }

// after is the least key beyond those of a prefix.
func after(prefix [8]byte) []byte {
	n := binary.BigEndian.Uint64(prefix[:])
	if n+1 == 0 {
		return nil
	}
	return binary.BigEndian.AppendUint64(nil, n+1)
}

// Find tells whether an event of the key was delivered within a window of the
// message's send time, by another message. not are messages that do not count.
func (s *Scope) Find(e Entry, not func(Message) bool) (bool, error) {
	db, err := s.begin()
	if err != nil {
		return false, err
	}
	from, to := s.span(e.SentAt.Add(-s.window)), s.span(e.SentAt.Add(s.window))
	for n := max(from, s.first); n <= min(to, s.last); n++ {
		value, closer, err := db.Get(s.key(n, e.Key))
		if errors.Is(err, pebble.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("keys of delivered events: %w", err)
		}
		m, err := decode(value)
		if err := errors.Join(err, closer.Close()); err != nil {
			return false, err
		}
		if Within(m.SentAt, e.SentAt, s.window) && (m.Sequence != e.Sequence || m.Queue != e.Queue) && (not == nil || !not(m)) {
			return true, nil
		}
	}
	return false, nil
}

// Within says whether two times are less than a window apart.
func Within(a, b time.Time, window time.Duration) bool { return a.Sub(b).Abs() < window }

// Put writes delivered events down. They are on disk when it returns. Again is
// no error.
func (s *Scope) Put(_ context.Context, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	db, err := s.begin()
	if err != nil {
		return err
	}
	b := db.NewBatch()
	for _, e := range entries {
		n := s.span(e.SentAt)
		if err := b.Set(s.key(n, e.Key), encode(e.Message), nil); err != nil {
			return errors.Join(err, b.Close())
		}
	}
	if err := b.Commit(pebble.Sync); err != nil {
		return fmt.Errorf("keys of delivered events: %w", err)
	}
	for _, e := range entries {
		n := s.span(e.SentAt)
		if s.first > s.last {
			s.first, s.last = n, n
		}
		s.first, s.last = min(s.first, n), max(s.last, n)
	}
	return nil
}

// Forget drops the events of messages that turned out not to be delivered. It
// reads all keys of the scope.
func (s *Scope) Forget(gone func(Message) bool) error {
	db, err := s.begin()
	if err != nil {
		return err
	}
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: s.prefix[:], UpperBound: after(s.prefix)})
	if err != nil {
		return err
	}
	b := db.NewBatch()
	for ok := it.First(); ok && err == nil; ok = it.Next() {
		var m Message
		if m, err = decode(it.Value()); err == nil && gone(m) {
			err = b.Delete(it.Key(), nil)
		}
	}
	if err = errors.Join(err, it.Error(), it.Close()); err != nil {
		return errors.Join(err, b.Close())
	}
	return b.Commit(pebble.Sync)
}

// Expire forgets what was sent more than a window before a time: no message
// that is still to come was sent earlier.
func (s *Scope) Expire(oldest time.Time) error {
	db, err := s.begin()
	if err != nil {
		return err
	}
	keep := s.span(oldest.Add(-s.window))
	if s.first > s.last || s.first >= keep {
		return nil
	}
	if err := db.DeleteRange(s.prefix[:], s.key(keep, Hash{}), pebble.NoSync); err != nil {
		return fmt.Errorf("keys of delivered events: %w", err)
	}
	s.first = keep
	return nil
}

func encode(m Message) []byte {
	b := make([]byte, 0, 24)
	b = binary.BigEndian.AppendUint64(b, uint64(m.SentAt.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, m.Sequence)
	return binary.BigEndian.AppendUint64(b, uint64(m.Queue))
}

func decode(b []byte) (Message, error) {
	if len(b) != 24 {
		return Message{}, fmt.Errorf("keys of delivered events: %w", io.ErrUnexpectedEOF)
	}
	return Message{
		SentAt:   time.UnixMilli(int64(binary.BigEndian.Uint64(b))),
		Sequence: binary.BigEndian.Uint64(b[8:]), Queue: int64(binary.BigEndian.Uint64(b[16:])),
	}, nil
}

// logger passes on what Pebble says. Pebble calls Fatalf when it cannot keep its
// promises any more; the process then ends loudly, as for the queues.
type logger struct{ log *slog.Logger }

func (l logger) Infof(string, ...any) {}

func (l logger) Errorf(format string, args ...any) {
	l.log.Error("keys of delivered events", "error", fmt.Sprintf(format, args...))
}

func (l logger) Fatalf(format string, args ...any) {
	panic("keys of delivered events: " + fmt.Sprintf(format, args...))
}
