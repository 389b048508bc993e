package lambda

import (
	"context"

	"github.com/scopsdb/scops/internal/lambda/functionlog"
)

// FollowLogs returns the newest lines of a function's log, at most n, and a
// channel of those that come after, until stop.
func (s *Service) FollowLogs(ctx context.Context, function string, n int) ([]functionlog.Line, <-chan []functionlog.Line, func(), error) {
	name, err := s.whole(&function)
	if err != nil {
		return nil, nil, nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return nil, nil, nil, err
	}
	return s.logs.Follow(name, n)
}
