package queue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// formatVersion is the version of the layout in keys.go and encode.go.
const formatVersion = "2"

// olderVersions are layouts that this one reads as they are.
var olderVersions = []string{"1"}

// Store is a folder of queues. Its methods may be called concurrently.
type Store struct {
	db      *pebble.DB
	space   *space
	commits *committer
	sweeper *sweeper
	clock   Clock
	ages    *steady
	closed  chan struct{} // closed by Close: ends long polls

	admin sync.Mutex // create, update and drop, one at a time

	mu     sync.RWMutex
	queues map[Name]*queueState

	calls   sync.WaitGroup // calls under way
	movers  sync.WaitGroup // move tasks under way
	closing sync.RWMutex   // held for writing while Close forbids new calls
	shut    bool
}

// queueRecord is the value of a q key.
type queueRecord struct {
	Number     uint64     `json:"number"`
	Attributes Attributes `json:"attributes"`
}

// Open opens or creates the store in dir. A second process on the same folder
// is refused.
func Open(dir string, o Options) (*Store, error) {
	o = o.withDefaults()
	s := &Store{clock: o.Clock, ages: newSteady(o.Clock, o.Log), queues: map[Name]*queueState{}, closed: make(chan struct{})}
	if err := o.FS.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open queues: %w", err)
	}
	o = o.sized(dir)
	s.space = &space{dir: dir, inner: o.FS, reserve: o.Reserve, ballast: o.MemTableSize, log: o.Log}
	db, err := pebble.Open(dir, pebbleOptions(o, vfs.OnDiskFull(o.FS, s.space.sink)))
	if err != nil {
		return nil, fmt.Errorf("open queues in %s: %w", dir, err)
	}
	s.db = db
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open queues in %s: %w", dir, err), db.Close())
	}
	s.space.open()
	s.commits = newCommitter(db, s.space)
	s.sweeper = newSweeper(s)
	go s.commits.run()
	go s.sweeper.run()
	s.startMovers()
	return s, nil
}

func pebbleOptions(o Options, fs vfs.FS) *pebble.Options {
	return &pebble.Options{
		FS:                 fs,
		Logger:             pebbleLogger{o.Log},
		MemTableSize:       o.MemTableSize,
		ErrorIfNotExists:   o.MustExist,
		FormatMajorVersion: pebble.FormatNewest,
	}
}

// Close ends long polls, waits for the calls under way, and closes the store.
// Messages in flight stay in flight for whoever opens it next.
func (s *Store) Close() error {
	s.closing.Lock()
	if s.shut {
		s.closing.Unlock()
		return ErrClosed
	}
	s.shut = true
	close(s.closed)
	s.closing.Unlock()
	s.calls.Wait()
	s.movers.Wait()
	s.sweeper.close()
	s.commits.close()
	return errors.Join(s.saveFlight(), s.db.Close())
}

// enter begins a call; the caller calls leave.
func (s *Store) enter() error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.shut {
		return ErrClosed
	}
	s.calls.Add(1)
	return nil
}

func (s *Store) leave() { s.calls.Done() }

func (s *Store) find(name Name) (*queueState, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if q := s.queues[name]; q != nil {
		return q, nil
	}
	return nil, ErrQueueNotFound
}

// begin enters a call on a queue.
func (s *Store) begin(ctx context.Context, name Name) (*queueState, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.enter(); err != nil {
		return nil, err
	}
	q, err := s.find(name)
	if err != nil {
		s.leave()
	}
	return q, err
}

// Queue describes a queue.
func (s *Store) Queue(ctx context.Context, name Name) (Info, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return Info{}, fail("describe", name, err)
	}
	defer s.leave()
	return q.info(), nil
}

// Queues describes all queues, in the order of their names.
func (s *Store) Queues(ctx context.Context) ([]Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	s.mu.RLock()
	infos := make([]Info, 0, len(s.queues))
	for _, q := range s.queues {
		infos = append(infos, q.info())
	}
	s.mu.RUnlock()
	sort.Slice(infos, func(i, j int) bool { return infos[i].Name < infos[j].Name })
	return infos, nil
}

// Counts says where the queue's messages are, all at one moment.
func (s *Store) Counts(ctx context.Context, name Name) (Counts, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return Counts{}, fail("count", name, err)
	}
	defer s.leave()
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.countsNow(), nil
}

func (q *queueState) info() Info {
	q.mu.Lock()
	defer q.mu.Unlock()
	return Info{Name: q.name, Attributes: q.attributes.clone()}
}

// load reads the queues, not their messages.
func (s *Store) load() error {
	if err := s.loadVersion(); err != nil {
		return err
	}
	return s.each(queueRange(), func(key, value []byte) error {
		var r queueRecord
		if err := json.Unmarshal(value, &r); err != nil {
			return fmt.Errorf("queue %q: %w", key[1:], err)
		}
		q := newQueueState(r.Number, Name(key[1:]), r.Attributes)
		if err := s.loadQueue(q); err != nil {
			return fmt.Errorf("queue %q: %w", q.name, err)
		}
		s.queues[q.name] = q
		return nil
	})
}

func (s *Store) loadVersion() error {
	v, found, err := s.get([]byte{spaceVersion})
	switch {
	case err != nil:
		return err
	case !found || slices.Contains(olderVersions, string(v)):
		return s.db.Set([]byte{spaceVersion}, []byte(formatVersion), pebble.Sync)
	case string(v) != formatVersion:
		return fmt.Errorf("format %q is not known to this version of scops (it writes %q)", v, formatVersion)
	}
	return nil
}

func (s *Store) loadQueue(q *queueState) error {
	v, found, err := s.get(queueKey(spaceCounters, q.id))
	if err != nil || !found {
		return errors.Join(err, errCorruptUnless(found))
	}
	if q.counts, err = decodeCounters(v); err != nil {
		return err
	}
	q.building = q.counts
	q.cursor = max(q.counts.low, 1)
	if err := s.loadDelays(q); err != nil {
		return err
	}
	if err := s.loadFlight(q); err != nil {
		return err
	}
	if err := s.loadForget(q); err != nil {
		return err
	}
	if err := s.loadTasks(q); err != nil {
		return err
	}
	if q.hasReceipt, err = s.any(seqRange(spaceReceipts, q.id, 0)); err != nil {
		return err
	}
	q.hasAge, err = s.any(seqRange(spaceAge, q.id, 0))
	return err
}

// any reports whether there is a key in a range.
func (s *Store) any(o *pebble.IterOptions) (found bool, err error) {
	err = s.each(o, func(_, _ []byte) error {
		found = true
		return errStop
	})
	return found, err
}

func errCorruptUnless(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("counters are missing")
}

// loadDelays forgets delays that ended while the store was closed; the scan
// finds their messages.
func (s *Store) loadDelays(q *queueState) error {
	q.dueThrough = s.clock.Now().UnixMilli()
	q.dueBuilt = q.dueThrough
	err := s.db.DeleteRange(delayKey(q.id, 0, 0), delayKey(q.id, q.dueThrough+1, 0), pebble.NoSync)
	if err != nil {
		return err
	}
	return s.each(seqRange(spaceDelay, q.id, 0), func(key, _ []byte) error {
		until, _ := delayKeyParts(key)
		if q.delayed == 0 {
			q.nextDue = until
		}
		q.untilBuilt = until
		q.delayed++
		return nil
	})
}

// errStop ends each without an error.
var errStop = errors.New("stop")

// each calls f for the keys of a range; key and value are valid during the call.
func (s *Store) each(o *pebble.IterOptions, f func(key, value []byte) error) error {
	it, err := s.db.NewIter(o)
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		v, err := it.ValueAndErr()
		if err == nil {
			err = f(it.Key(), v)
		}
		if err != nil {
			cerr := it.Close()
			if errors.Is(err, errStop) {
				return cerr
			}
			return err
		}
	}
	return it.Close()
}

// get copies the value of a key.
func (s *Store) get(key []byte) (value []byte, found bool, err error) {
	v, c, err := s.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	value = append([]byte(nil), v...)
	return value, true, c.Close()
}

func queueRange() *pebble.IterOptions {
	return &pebble.IterOptions{LowerBound: []byte{spaceQueue}, UpperBound: []byte{spaceQueue + 1}}
}

// seqRange is the range of a queue's records in space, from number from on (a
// sequence, or the time of a d key).
func seqRange(space byte, queue, from uint64) *pebble.IterOptions {
	return &pebble.IterOptions{
		LowerBound: binary.BigEndian.AppendUint64(queueKey(space, queue), from),
		UpperBound: queueKey(space, queue+1),
	}
}
