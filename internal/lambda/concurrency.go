package lambda

import (
	"context"
	"errors"
	"sync"
)

// limits counts the invocations under way.
type limits struct {
	mu         sync.Mutex
	byFunction map[string]int
	unreserved int // of functions without reserved concurrency
}

// admit lets an invocation of a function begin, or refuses it. The caller calls
// release at its end.
func (s *Service) admit(ctx context.Context, name string) (release func(), err error) {
	f, err := s.store.function(ctx, name)
	if errors.Is(err, errNoRecord) {
		return nil, s.missing(reference{name: name})
	}
	if err != nil {
		return nil, err
	}
	reservedByOthers := 0
	if f.Reserved == nil {
		if reservedByOthers, err = s.store.reservedTotal(ctx, name); err != nil {
			return nil, err
		}
	}
	l := &s.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case f.Reserved != nil && l.byFunction[name] >= int(*f.Reserved):
		return nil, throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
	case f.Reserved == nil && l.unreserved >= s.cfg.Concurrency-reservedByOthers:
		return nil, throttled("ConcurrentInvocationLimitExceeded")
	}
	l.byFunction[name]++
	unreserved := f.Reserved == nil
	if unreserved {
		l.unreserved++
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if unreserved {
			l.unreserved--
		}
		if l.byFunction[name]--; l.byFunction[name] == 0 {
			delete(l.byFunction, name)
		}
	}, nil
}
