package eventsource

import (
	"context"
	"maps"
	"strings"
)

// uuidOf is the id in the ARN of a mapping.
func (s *Service) uuidOf(arn string) *string {
	id := strings.TrimPrefix(arn, s.arn(""))
	return &id
}

// Tags are those of the mapping with the ARN.
func (s *Service) Tags(arn string) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.find(s.uuidOf(arn))
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	maps.Copy(tags, w.mapping.Tags)
	return tags, nil
}

// Retag stores what change makes of the mapping's tags, unless that fails. What
// runs for the mapping goes on.
func (s *Service) Retag(ctx context.Context, arn string, change func(tags map[string]string) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.find(s.uuidOf(arn))
	if err != nil {
		return err
	}
	m := w.mapping
	m.Tags = map[string]string{}
	maps.Copy(m.Tags, w.mapping.Tags)
	if err := change(m.Tags); err != nil {
		return err
	}
	if err := s.store.update(ctx, &m); err != nil {
		return stored(err)
	}
	w.mapping = m
	return nil
}
