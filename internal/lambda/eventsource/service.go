package eventsource

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/sqlite"
)

// Options are the parts that the service needs.
type Options struct {
	DB        *sqlite.DB
	Queues    Queues
	Functions Functions
	CheckTags func(map[string]string) error // nil: any will do
	Region    string
	AccountID string
	Log       *slog.Logger     // nil: slog.Default()
	Now       func() time.Time // nil: time.Now
}

// Service answers the operations on event source mappings and runs them.
type Service struct {
	o     Options
	store *store

	invoking context.Context // of the invocations; ends when they must
	abort    context.CancelFunc

	mu      sync.Mutex
	workers []*worker // in order of creation
	started bool
	closed  bool
	applies sync.WaitGroup
}

// Open reads the mappings. None of them runs before Start.
func Open(ctx context.Context, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	st, err := openStore(ctx, o.DB)
	if err != nil {
		return nil, err
	}
	mappings, err := st.all(ctx)
	if err != nil {
		return nil, err
	}
	s := &Service{o: o, store: st}
	s.invoking, s.abort = context.WithCancel(context.WithoutCancel(ctx))
	for _, m := range mappings {
		s.workers = append(s.workers, &worker{mapping: m})
	}
	return s, nil
}

// Start runs the mappings that are enabled.
func (s *Service) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = true
	for _, w := range s.workers {
		if w.mapping.Enabled {
			s.change(w, "Enabling")
		}
	}
}

// Close receives no more messages and waits for the invocations under way. Those
// that have not ended when ctx does are given up: their messages come back after
// their visibility timeout.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	workers := s.workers
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.applies.Wait()
		for _, w := range workers {
			go w.stop() // all at the same time
		}
		for _, w := range workers {
			w.stop()
			w.before.Wait()
		}
	}()
	defer s.abort()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	return nil
}

// Operations are those of Lambda's API that this service answers.
func (s *Service) Operations() []awsapi.Operation {
	return []awsapi.Operation{
		awsapi.Op("CreateEventSourceMapping", s.CreateEventSourceMapping),
		awsapi.Op("GetEventSourceMapping", s.GetEventSourceMapping),
		awsapi.Op("ListEventSourceMappings", s.ListEventSourceMappings),
		awsapi.Op("UpdateEventSourceMapping", s.UpdateEventSourceMapping),
		awsapi.Op("DeleteEventSourceMapping", s.DeleteEventSourceMapping),
	}
}
