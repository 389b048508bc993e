package eventsource

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/uuid"
)

// CreateEventSourceMapping connects a queue with a function.
func (s *Service) CreateEventSourceMapping(ctx context.Context, in *lambda.CreateEventSourceMappingInput) (*types.EventSourceMappingConfiguration, error) {
	if aws.ToString(in.FunctionName) == "" {
		return nil, violation(nil, "functionName", "not be null")
	}
	c := changes{in.Enabled, in.BatchSize, in.MaximumBatchingWindowInSeconds, in.ScalingConfig, in.FunctionResponseTypes, in.FilterCriteria}
	if err := c.limits(); err != nil {
		return nil, err
	}
	if err := refuseCreate(in); err != nil {
		return nil, err
	}
	m := mapping{
		UUID: uuid.NewString(), Source: aws.ToString(in.EventSourceArn),
		settings: settings{Enabled: true, BatchSize: defaultBatchSize, Tags: in.Tags, Modified: s.o.Now().UnixMilli()},
	}
	if err := s.checkSource(m.Source); err != nil {
		return nil, err
	}
	if err := c.apply(&m.settings); err != nil {
		return nil, err
	}
	if err := m.consistent(); err != nil {
		return nil, err
	}
	if s.o.CheckTags != nil {
		if err := s.o.CheckTags(in.Tags); err != nil {
			return nil, err
		}
	}
	if err := s.connect(ctx, &m, *in.FunctionName); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.unique(&m); err != nil {
		return nil, err
	}
	if err := s.store.insert(ctx, &m); err != nil {
		return nil, stored(err)
	}
	w := &worker{mapping: m}
	s.workers = append(s.workers, w)
	s.change(w, "Creating")
	return s.describe(&m, "Creating", ""), nil
}

// connect finds the function and checks that the queue suits it.
func (s *Service) connect(ctx context.Context, m *mapping, function string) error {
	f, err := s.o.Functions.Find(ctx, function)
	if is(err, codeNotFound) {
		return invalid("Function does not exist")
	}
	if err != nil {
		return err
	}
	m.Function = f.ARN
	visibility, err := s.o.Queues.VisibilityTimeout(ctx, m.queue())
	if is(err, codeNoQueue) {
		return missingQueue()
	}
	if err != nil {
		return err
	}
	if visibility < f.Timeout {
		return invalid("Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", int(visibility.Seconds()), int(f.Timeout.Seconds()))
	}
	return nil
}

// unique refuses a second mapping of a queue to a function. It needs the lock.
func (s *Service) unique(m *mapping) error {
	for _, w := range s.workers {
		if o := &w.mapping; o.UUID != m.UUID && o.Function == m.Function && o.Source == m.Source {
			return failure(409, codeConflict, "An event source mapping with SQS arn (\" %s \") and function (\" %s \") already exists. Please update or delete the existing mapping with UUID %s",
				m.Source, functionName(m.Function), o.UUID)
		}
	}
	return nil
}

// GetEventSourceMapping shows a mapping.
func (s *Service) GetEventSourceMapping(_ context.Context, in *lambda.GetEventSourceMappingInput) (*types.EventSourceMappingConfiguration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.find(in.UUID)
	if err != nil {
		return nil, err
	}
	return s.show(w), nil
}

// find needs the lock.
func (s *Service) find(uuid *string) (*worker, error) {
	for _, w := range s.workers {
		if w.mapping.UUID == aws.ToString(uuid) {
			return w, nil
		}
	}
	return nil, noMapping()
}

func (s *Service) show(w *worker) *types.EventSourceMappingConfiguration {
	state := w.transition
	if state == "" {
		state = w.mapping.state()
	}
	return s.describe(&w.mapping, state, w.problem)
}

// UpdateEventSourceMapping changes a mapping. What is under way goes on as it
// began.
func (s *Service) UpdateEventSourceMapping(ctx context.Context, in *lambda.UpdateEventSourceMappingInput) (*types.EventSourceMappingConfiguration, error) {
	c := changes{in.Enabled, in.BatchSize, in.MaximumBatchingWindowInSeconds, in.ScalingConfig, in.FunctionResponseTypes, in.FilterCriteria}
	if err := c.limits(); err != nil {
		return nil, err
	}
	if err := refuseUpdate(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	w, err := s.find(in.UUID)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	m, version := w.mapping, w.version
	s.mu.Unlock()
	if m.Deleting {
		return nil, inUse("update")
	}
	was := m.Enabled
	if err := c.apply(&m.settings); err != nil {
		return nil, err
	}
	if err := m.consistent(); err != nil {
		return nil, err
	}
	function := m.Function
	if in.FunctionName != nil {
		function = *in.FunctionName
	}
	if in.FunctionName != nil || m.Enabled && !was {
		if err := s.connect(ctx, &m, function); err != nil {
			return nil, err
		}
	}
	m.Modified = s.o.Now().UnixMilli()
	return s.replace(ctx, w, version, m, transition(was, m.Enabled))
}

func transition(was, enabled bool) string {
	switch {
	case enabled && !was:
		return "Enabling"
	case was && !enabled:
		return "Disabling"
	}
	return "Updating"
}

// replace stores the mapping in a new form, made of the one with the version,
// and has what runs follow it.
func (s *Service) replace(ctx context.Context, w *worker, version int, m mapping, transition string) (*types.EventSourceMappingConfiguration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.mapping.Deleting || w.version != version { // another change came first
		return nil, inUse("change")
	}
	m.Tags = w.mapping.Tags // they may have changed since m was read
	if err := s.unique(&m); err != nil {
		return nil, err
	}
	if err := s.store.update(ctx, &m); err != nil {
		return nil, stored(err)
	}
	w.mapping, w.problem = m, ""
	s.change(w, transition)
	return s.describe(&m, transition, ""), nil
}

func inUse(what string) error {
	return failure(400, "ResourceInUseException", "Cannot %s the event source mapping because it is in use.", what)
}

// DeleteEventSourceMapping ends a mapping. It is gone when its invocations are
// done.
func (s *Service) DeleteEventSourceMapping(ctx context.Context, in *lambda.DeleteEventSourceMappingInput) (*types.EventSourceMappingConfiguration, error) {
	s.mu.Lock()
	w, err := s.find(in.UUID)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	m, version := w.mapping, w.version
	s.mu.Unlock()
	m.Deleting, m.Modified = true, s.o.Now().UnixMilli()
	return s.replace(ctx, w, version, m, "Deleting")
}
