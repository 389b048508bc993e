package athena

import (
	"context"
	"fmt"
	"time"
)

const (
	// historyLifetime is how long query executions are known, as on AWS. Their
	// result objects stay.
	historyLifetime = 45 * 24 * time.Hour
	historyCheck    = time.Hour
)

// keepHistory forgets old query executions, now and then once an hour, until
// the service closes.
func (s *Service) keepHistory() {
	defer s.history.Done()
	tick := time.NewTicker(historyCheck)
	defer tick.Stop()
	for {
		if err := s.store.expire(s.ctx, s.now().Add(-historyLifetime)); err != nil && s.ctx.Err() == nil {
			s.cfg.Log.Error("forget old query executions", "error", err)
		}
		select {
		case <-tick.C:
		case <-s.ctx.Done():
			return
		}
	}
}

// expire deletes the records of executions that were submitted before a time.
func (s *store) expire(ctx context.Context, before time.Time) error {
	_, err := s.db.Write.ExecContext(ctx, `DELETE FROM query_executions
		WHERE submitted_at < ? AND state NOT IN ('QUEUED', 'RUNNING')`, before.UnixNano())
	if err != nil {
		return fmt.Errorf("expire query executions: %w", err)
	}
	return nil
}
