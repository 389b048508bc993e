package lambda

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// What an asynchronous invocation gets where no configuration says otherwise.
const (
	defaultRetries  = 2
	defaultEventAge = 21600 // seconds
	minEventAge     = 60
)

// eventConfig says how asynchronous invocations of a version or alias are
// treated.
type eventConfig struct{ Config api.FunctionEventInvokeConfig }

// retries is how often a failed event is run again.
func (c *eventConfig) retries() int {
	if c == nil || c.Config.MaximumRetryAttempts == nil {
		return defaultRetries
	}
	return int(*c.Config.MaximumRetryAttempts)
}

// age is how old an event may become.
func (c *eventConfig) age() time.Duration {
	if c == nil || c.Config.MaximumEventAgeInSeconds == nil {
		return defaultEventAge * time.Second
	}
	return time.Duration(*c.Config.MaximumEventAgeInSeconds) * time.Second
}

// destination is the ARN of the queue for records of events that succeeded or
// failed; "" is none.
func (c *eventConfig) destination(failed bool) string {
	switch {
	case c == nil || c.Config.DestinationConfig == nil:
		return ""
	case failed && c.Config.DestinationConfig.OnFailure != nil:
		return value(c.Config.DestinationConfig.OnFailure.Destination)
	case !failed && c.Config.DestinationConfig.OnSuccess != nil:
		return value(c.Config.DestinationConfig.OnSuccess.Destination)
	}
	return ""
}

// configKey is what configurations are kept under.
func configKey(r reference) string {
	if r.qualifier == "" {
		return latest
	}
	return r.qualifier
}

// configOf reads the configuration of events; nil where there is none.
func (s *Service) configOf(ctx context.Context, r reference) (*eventConfig, error) {
	c, err := get[eventConfig](ctx, s.store.db.Read, configsTable, r.name, configKey(r))
	if errors.Is(err, errNoRecord) {
		return nil, nil
	}
	return c, err
}

// EventInvokeConfigInput is what the operations that set a configuration take.
type EventInvokeConfigInput struct {
	FunctionName, Qualifier                        *string
	DestinationConfig                              *api.DestinationConfig
	MaximumEventAgeInSeconds, MaximumRetryAttempts *int32
}

// PutFunctionEventInvokeConfig sets how asynchronous invocations are treated.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
func (s *Service) PutFunctionEventInvokeConfig(ctx context.Context, in *EventInvokeConfigInput) (*api.FunctionEventInvokeConfig, error) {
	return s.setConfig(ctx, in, false)
}

// UpdateFunctionEventInvokeConfig changes what the request names of it.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html
func (s *Service) UpdateFunctionEventInvokeConfig(ctx context.Context, in *EventInvokeConfigInput) (*api.FunctionEventInvokeConfig, error) {
	return s.setConfig(ctx, in, true)
}

func (s *Service) setConfig(ctx context.Context, in *EventInvokeConfigInput, update bool) (*api.FunctionEventInvokeConfig, error) {
	if err := s.checkConfig(in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, c, err := s.storedConfig(ctx, in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	if update && c == nil {
		return nil, s.noConfig(r)
	}
	if c == nil || !update {
		c = &eventConfig{Config: api.FunctionEventInvokeConfig{DestinationConfig: &api.DestinationConfig{OnFailure: &api.OnFailure{}, OnSuccess: &api.OnSuccess{}}}}
	}
	c.Config.FunctionArn = ptr(s.arn(r.name, configKey(r)))
	c.Config.LastModified = ptr(s.cfg.Now().UTC().Truncate(time.Millisecond))
	set(&c.Config.MaximumEventAgeInSeconds, in.MaximumEventAgeInSeconds)
	set(&c.Config.MaximumRetryAttempts, in.MaximumRetryAttempts)
	if d := in.DestinationConfig; d != nil {
		set(&c.Config.DestinationConfig.OnFailure, d.OnFailure)
		set(&c.Config.DestinationConfig.OnSuccess, d.OnSuccess)
	}
	return &c.Config, put(ctx, s.store.db.Write, configsTable, r.name, configKey(r), c)
}

func (s *Service) checkConfig(in *EventInvokeConfigInput) error {
	if in.DestinationConfig == nil && in.MaximumEventAgeInSeconds == nil && in.MaximumRetryAttempts == nil {
		return invalid("You must specify at least one of error handling or destination setting.")
	}
	if n := in.MaximumRetryAttempts; n != nil && (*n < 0 || *n > defaultRetries) {
		return constraint(fmt.Sprint(*n), "maximumRetryAttempts", "Member must have value between 0 and 2")
	}
	if n := in.MaximumEventAgeInSeconds; n != nil && (*n < minEventAge || *n > defaultEventAge) {
		return constraint(fmt.Sprint(*n), "maximumEventAgeInSeconds", "Member must have value between 60 and 21600")
	}
	wanted := &eventConfig{Config: api.FunctionEventInvokeConfig{DestinationConfig: in.DestinationConfig}}
	for _, failed := range []bool{true, false} {
		if arn := wanted.destination(failed); arn != "" {
			if _, err := s.queueOf(arn, "DestinationConfig"); err != nil {
				return err
			}
		}
	}
	return nil
}

// storedConfig reads the configuration of what a function and a qualifier name;
// nil where there is none.
func (s *Service) storedConfig(ctx context.Context, function, qualifier *string) (reference, *eventConfig, error) {
	r, err := s.refer(function, qualifier)
	if err != nil {
		return r, nil, err
	}
	if _, err := s.find(ctx, r); err != nil {
		return r, nil, err
	}
	c, err := s.configOf(ctx, r)
	return r, c, err
}

func (s *Service) noConfig(r reference) error {
	return notFound("The function %s doesn't have an EventInvokeConfig", s.arn(r.name, configKey(r)))
}

// GetFunctionEventInvokeConfig answers a configuration.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html
func (s *Service) GetFunctionEventInvokeConfig(ctx context.Context, in *lambda.GetFunctionEventInvokeConfigInput) (*api.FunctionEventInvokeConfig, error) {
	r, c, err := s.storedConfig(ctx, in.FunctionName, in.Qualifier)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, s.noConfig(r)
	}
	return &c.Config, nil
}

// DeleteFunctionEventInvokeConfig removes a configuration.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionEventInvokeConfig.html
func (s *Service) DeleteFunctionEventInvokeConfig(ctx context.Context, in *lambda.DeleteFunctionEventInvokeConfigInput) (*lambda.DeleteFunctionEventInvokeConfigOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, c, err := s.storedConfig(ctx, in.FunctionName, in.Qualifier)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, s.noConfig(r)
	}
	return &lambda.DeleteFunctionEventInvokeConfigOutput{}, remove(ctx, s.store.db.Write, configsTable, r.name, configKey(r))
}

// ListEventInvokeConfigsOutput is the shape of ListFunctionEventInvokeConfigs'
// answer.
type ListEventInvokeConfigsOutput struct {
	FunctionEventInvokeConfigs []api.FunctionEventInvokeConfig
	NextMarker                 *string
}

// ListFunctionEventInvokeConfigs lists the configurations of a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html
func (s *Service) ListFunctionEventInvokeConfigs(ctx context.Context, in *lambda.ListFunctionEventInvokeConfigsInput) (*ListEventInvokeConfigsOutput, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	byKey, err := all[eventConfig](ctx, s.store.db.Read, configsTable, name)
	if err != nil {
		return nil, err
	}
	var list []api.FunctionEventInvokeConfig
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, byKey[key].Config)
	}
	out := &ListEventInvokeConfigsOutput{}
	out.FunctionEventInvokeConfigs, out.NextMarker, err = page(list, func(c api.FunctionEventInvokeConfig) string { return value(c.FunctionArn) }, in.Marker, in.MaxItems)
	return out, err
}
