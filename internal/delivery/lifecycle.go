package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// closeGrace is how long batches under way may take to finish when the
// deliveries of their queue change. Longer, and they are repeated afterwards.
const closeGrace = 20 * time.Second

// Detail is a delivery with what it was made from.
type Detail struct {
	Status
	// Definition is the declaration, as JSON with the keys of scops.yaml.
	Definition json.RawMessage `json:"definition,omitempty"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
}

// Describe returns one delivery; ErrNotFound where there is none of the name.
func (m *Manager) Describe(ctx context.Context, name string) (Detail, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	i := slices.IndexFunc(m.all, func(r Registration) bool { return r.Name == name })
	if i < 0 {
		return Detail{}, notFound(name)
	}
	r := m.all[i]
	d := m.groups[r.Queue].member(name)
	if d == nil {
		return Detail{}, fmt.Errorf("delivery %q: it is not open", name)
	}
	s, err := d.status(ctx)
	return Detail{Status: s, Definition: r.Document, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}, err
}

// Files returns what a delivery's declaration says of the files of its table:
// their size, 0 where it does not, and the columns that they are sorted by. An
// unknown delivery says nothing.
func (m *Manager) Files(name string) (targetSize int64, sortBy []string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, r := range m.all {
		if r.Name != name {
			continue
		}
		var declared struct {
			TargetFileSize json.RawMessage `json:"target_file_size"`
		}
		if len(r.Document) > 0 && json.Unmarshal(r.Document, &declared) == nil && declared.TargetFileSize == nil {
			return 0, r.SortBy
		}
		return r.TargetFileSize, r.SortBy
	}
	return 0, nil
}

// FindMessage looks for a message in a queue; queue.ErrQueueNotFound where there
// is no queue.
func (m *Manager) FindMessage(ctx context.Context, name queue.Name, id queue.MessageID) (at queue.Place, sentAt time.Time, found bool, err error) {
	return m.queue.Find(ctx, name, id)
}

func notFound(name string) error { return fmt.Errorf("delivery %q: %w", name, ErrNotFound) }

// Create begins a delivery, with what is in its queue now. ErrExists where the
// name is taken, ErrRefused where it cannot be made so.
func (m *Manager) Create(ctx context.Context, c Config) error {
	return m.change(ctx, c.Name, func(old *Registration) (*Registration, error) {
		if old != nil {
			return nil, fmt.Errorf("delivery %q: %w", c.Name, ErrExists)
		}
		now := m.now()
		return &Registration{Config: c.withDefaults(), CreatedAt: now, UpdatedAt: now, strict: true}, nil
	})
}

// Update replaces what a delivery is made from. It keeps its books and, if it is
// paused, stays so.
func (m *Manager) Update(ctx context.Context, c Config) error {
	return m.change(ctx, c.Name, func(old *Registration) (*Registration, error) {
		if old == nil {
			return nil, notFound(c.Name)
		}
		r := Registration{Config: c.withDefaults(), UpdatedAt: m.now(), strict: true}.after(*old)
		return &r, nil
	})
}

// Pause stops a delivery, durably, once its batch under way is finished: its
// messages stay in the queue.
func (m *Manager) Pause(ctx context.Context, name, reason string) error {
	return m.change(ctx, name, func(old *Registration) (*Registration, error) {
		if old == nil {
			return nil, notFound(name)
		}
		r := *old
		if !r.Paused {
			r.Paused, r.PausedAt = true, m.now()
		}
		r.Reason = reason
		if r.Reason == "" {
			r.Reason = "paused by request"
		}
		return &r, nil
	})
}

// Resume lets a paused delivery go on. It is no error where it is not paused.
func (m *Manager) Resume(ctx context.Context, name string) error {
	return m.change(ctx, name, func(old *Registration) (*Registration, error) {
		if old == nil {
			return nil, notFound(name)
		}
		r := *old
		r.Paused, r.PausedAt, r.Reason = false, time.Time{}, ""
		return &r, nil
	})
}

// Delete ends a delivery. Its table keeps the committed files, and its share of
// the queue is released. A delivery that is made again under the same name goes
// on where this one stopped.
func (m *Manager) Delete(ctx context.Context, name string) error {
	return m.change(ctx, name, func(old *Registration) (*Registration, error) {
		if old == nil {
			return nil, notFound(name)
		}
		return nil, nil
	})
}

// change replaces one registration, nil where there is none, and opens the
// deliveries of the queues that it concerns anew. Where that fails everything
// stays as it was.
func (m *Manager) change(ctx context.Context, name string, to func(*Registration) (*Registration, error)) error {
	m.changing.Lock()
	defer m.changing.Unlock()
	var old *Registration
	i := slices.IndexFunc(m.all, func(r Registration) bool { return r.Name == name })
	next := slices.Clone(m.all)
	if i >= 0 {
		old = &m.all[i]
		next = slices.Delete(next, i, i+1)
	}
	r, err := to(old)
	if err != nil {
		return err
	}
	if r != nil {
		next = append(next, *r) // the last one, so that faults are told of it
		if err := checkTogether(configsOf(next)); err != nil {
			return &refusal{err}
		}
		slices.SortFunc(next, func(a, b Registration) int { return strings.Compare(a.Name, b.Name) })
	}
	return m.replace(ctx, old, r, next)
}

func configsOf(all []Registration) []Config {
	configs := make([]Config, len(all))
	for i, r := range all {
		configs[i] = r.Config
	}
	return configs
}

// replace closes the groups that are concerned, opens them with the new
// registrations and remembers these.
func (m *Manager) replace(ctx context.Context, old, r *Registration, next []Registration) error {
	var queues []queue.Name
	for _, x := range []*Registration{r, old} {
		if x != nil && !slices.Contains(queues, x.Queue) {
			queues = append(queues, x.Queue)
		}
	}
	for _, q := range queues {
		m.closeGroup(ctx, q)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.startAll(queues)
	var err error
	if r == nil {
		err = m.end(ctx, old)
	} else {
		err = m.begin(ctx, *r, next)
	}
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		m.all = lenient(next)
	}
	if r != nil && err == nil { // its group is open
		queues = queues[1:]
	}
	if again := m.reopen(ctx, queues, m.all); again != nil {
		m.log.Error("deliveries stopped: they could not be opened again", "queues", queues, "error", again)
	}
	return err
}

// begin opens the group of a delivery that is new or changed. From when it is
// registered, what it does not want any more of another queue may go.
func (m *Manager) begin(ctx context.Context, r Registration, next []Registration) error {
	if err := m.reopen(ctx, []queue.Name{r.Queue}, next); err != nil {
		return err
	}
	return m.journal.register(ctx, []Registration{r})
}

// end ends the batches of a delivery, then the delivery.
func (m *Manager) end(ctx context.Context, r *Registration) error {
	if err := m.abandon(ctx, r); err != nil {
		return err
	}
	return m.journal.unregister(ctx, r.Name)
}

func (m *Manager) startAll(queues []queue.Name) {
	if !m.started {
		return
	}
	for _, q := range queues {
		if g := m.groups[q]; g != nil {
			g.start()
		}
	}
}

// closeGroup finishes the batches under way of a queue.
func (m *Manager) closeGroup(ctx context.Context, q queue.Name) {
	g := m.groups[q]
	if g == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
	defer cancel()
	if err := g.close(ctx); err != nil {
		m.log.Warn("a batch is repeated, because it did not end in time", "queue", q, "error", err)
	}
}

// reopen opens groups anew; the caller holds mu.
func (m *Manager) reopen(ctx context.Context, queues []queue.Name, all []Registration) error {
	m.setKnown(all)
	by := byQueue(all)
	for _, q := range queues {
		before := m.groups[q]
		delete(m.groups, q)
		if len(by[q]) == 0 {
			continue
		}
		g, err := m.openGroup(ctx, q, by[q])
		if err != nil { // it does not know what was committed, and must not start
			g.hide()
			return &refusal{err}
		}
		m.groups[q] = g
		g.inherit(before)
	}
	return nil
}

// inherit keeps what the deliveries know since the start.
func (g *group) inherit(before *group) {
	if before == nil {
		return
	}
	for _, d := range g.deliveries {
		o := before.member(d.config.Name)
		if o == nil {
			continue
		}
		o.mu.Lock()
		d.unknown, d.complete = o.unknown, o.complete
		if d.lastError == "" {
			d.lastError, d.lastErrorAt = o.lastError, o.lastErrorAt
		}
		o.mu.Unlock()
	}
}

// lenient is for deliveries that were opened strictly once.
func lenient(all []Registration) []Registration {
	for i := range all {
		all[i].strict = false
	}
	return all
}

func (m *Manager) setKnown(all []Registration) {
	names := map[string]bool{}
	for _, r := range all {
		names[r.Name] = true
	}
	m.known.Store(&names)
}
