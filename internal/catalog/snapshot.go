package catalog

import "context"

// Listing asks for the committed files of a delivered table.
type Listing struct {
	Database string
	Table    string
	Set      *PartitionSet // nil for a table without partition keys
	Places   []int         // the partitions of Set whose files are wanted
}

// Snapshot returns the committed files of each listing, one list for each of
// its places (one in all for a table without partition keys), by bucket and
// key and shared, and runs with, all at one moment: no batch is applied between
// any two of them. with must be quick and not call the catalog.
//
// current is false, and nothing is returned or run, where the partitions of a
// listing are no longer those of its Set: look them up and ask again.
func (s *Store) Snapshot(ctx context.Context, listings []Listing, with func()) (lists [][][]DataFile, current bool, err error) {
	if err := s.fresh(ctx); err != nil {
		return nil, false, err
	}
	s.mu.RLock()
	lists, current, err = s.gatherAll(listings)
	if err == nil && current && lists != nil {
		with()
	}
	s.mu.RUnlock()
	if err != nil || !current || lists != nil {
		return lists, current, err
	}
	return s.loadAll(ctx, listings, with)
}

// gatherAll answers from memory, with nil lists where something is not there;
// the caller holds mu.
func (s *Store) gatherAll(listings []Listing) (lists [][][]DataFile, current bool, err error) {
	lists, complete := make([][][]DataFile, len(listings)), true
	for i, l := range listings {
		e, hidden, err := s.listed(l)
		if err != nil {
			return nil, false, err
		}
		e.used.Store(s.clock.Add(1))
		if hidden {
			files, ok := e.gatherErrors()
			lists[i], complete = files, complete && ok
			continue
		}
		if l.Set != nil && e.shape != l.Set.Shape {
			return nil, false, nil
		}
		files, ok := e.gather(l.names())
		lists[i], complete = files, complete && ok
	}
	if !complete {
		return nil, true, nil
	}
	return lists, true, nil
}

// loadAll reads what is not in memory. Nothing is applied while changing is
// held.
func (s *Store) loadAll(ctx context.Context, listings []Listing, with func()) (lists [][][]DataFile, current bool, err error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.freshLocked(ctx); err != nil {
		return nil, false, err
	}
	lists = make([][][]DataFile, len(listings))
	for i, l := range listings {
		n := nameOf(l.Database, l.Table)
		e, hidden, err := s.listed(l)
		if err != nil {
			return nil, false, err
		}
		if hidden {
			if lists[i], err = s.loadErrors(ctx, e); err != nil {
				return nil, false, err
			}
			continue
		}
		if l.Set != nil && e.shape != l.Set.Shape {
			return nil, false, nil
		}
		if lists[i], err = s.loadFiles(ctx, n, l.names()); err != nil {
			return nil, false, err
		}
	}
	with()
	return lists, true, nil
}

// listed returns the table of a listing, or with hidden the one whose rejected
// records it asks for; the caller holds changing or mu.
func (s *Store) listed(l Listing) (e *tableEntry, hidden bool, err error) {
	if _, hidden = withErrors(l.Table); hidden {
		e, err = s.errorsEntry(l.Database, l.Table)
	} else {
		e, err = s.entry(nameOf(l.Database, l.Table))
	}
	return e, hidden, err
}

// names are the values names of the places.
func (l Listing) names() []string {
	if l.Set == nil {
		return []string{""}
	}
	names := make([]string, len(l.Places))
	for i, place := range l.Places {
		names[i] = l.Set.names[place]
	}
	return names
}
