package eventsource

import "sync"

// worker is a mapping and what runs for it.
type worker struct {
	// Guarded by the service's lock.
	mapping    mapping
	transition string // the state while a change is under way, else ""
	version    int    // of the change
	problem    string // of the last batch

	applying sync.Mutex // held while a change is made
	poller   *poller    // nil: none runs
	before   sync.WaitGroup
}

// change has what runs follow the worker's mapping, which was just changed. The
// state is transition until it does. It needs the service's lock.
func (s *Service) change(w *worker, transition string) {
	if !s.started || s.closed {
		return
	}
	w.transition = transition
	w.version++
	version := w.version
	s.applies.Go(func() { s.apply(w, version) })
}

// apply ends the poller that there is and starts one by the mapping. The
// invocations of the former go on by themselves, except that a deletion waits
// for them.
func (s *Service) apply(w *worker, version int) {
	w.applying.Lock()
	defer w.applying.Unlock()
	s.mu.Lock()
	m, stale := w.mapping, w.version != version || s.closed
	s.mu.Unlock()
	if stale {
		return // a later change does it, or has done it
	}
	w.stopLocked()
	if m.Deleting {
		w.before.Wait()
		s.finishDeletion(w)
		return
	}
	if m.Enabled {
		w.poller = s.startPoller(w, m)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.version == version {
		w.transition = ""
	}
}

func (s *Service) finishDeletion(w *worker) {
	if err := s.store.remove(s.invoking, w.mapping.UUID); err != nil {
		s.o.Log.Error("event source mapping", "uuid", w.mapping.UUID, "error", err) // the next start removes it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.workers {
		if other == w {
			s.workers = append(s.workers[:i:i], s.workers[i+1:]...)
			return
		}
	}
}

// stop ends the poller: it receives nothing more.
func (w *worker) stop() {
	w.applying.Lock()
	defer w.applying.Unlock()
	w.stopLocked()
}

func (w *worker) stopLocked() {
	p := w.poller
	if p == nil {
		return
	}
	w.poller = nil
	p.stop()
	w.before.Go(p.running.Wait)
}

// report notes how the last batch went: "" for well.
func (s *Service) report(w *worker, problem string) {
	s.mu.Lock()
	changed := w.problem != problem
	w.problem = problem
	s.mu.Unlock()
	if changed && problem != "" {
		s.o.Log.Warn("event source mapping", "uuid", w.mapping.UUID, "function", w.mapping.Function, "problem", problem)
	}
}
