package lambda

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// minUnreserved is what reserved concurrency leaves to all other functions, of
// AWS's 100 for its limit of 1000.
const minUnreserved = 1

// limits counts the invocations under way.
type limits struct {
	mu         sync.Mutex
	byFunction map[string]int
	unreserved int // of functions without reserved concurrency
}

// admit lets an invocation of a function begin, or refuses it. The caller calls
// release at its end.
func (s *Service) admit(ctx context.Context, name string) (release func(), err error) {
	f, err := s.existing(ctx, name)
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

// ReservedConcurrency is the shape of PutFunctionConcurrency's and
// GetFunctionConcurrency's answers.
type ReservedConcurrency struct{ ReservedConcurrentExecutions *int32 }

// PutFunctionConcurrency reserves a part of the account's limit for a function,
// and holds it to that.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
func (s *Service) PutFunctionConcurrency(ctx context.Context, in *lambda.PutFunctionConcurrencyInput) (*ReservedConcurrency, error) {
	switch n := in.ReservedConcurrentExecutions; {
	case n == nil:
		return nil, constraint("null", "reservedConcurrentExecutions", "Member must not be null")
	case *n < 0:
		return nil, constraint(fmt.Sprint(*n), "reservedConcurrentExecutions", "Member must have value greater than or equal to 0")
	}
	if err := s.reserve(ctx, in.FunctionName, in.ReservedConcurrentExecutions); err != nil {
		return nil, err
	}
	return &ReservedConcurrency{in.ReservedConcurrentExecutions}, nil
}

// DeleteFunctionConcurrency gives the reserved part back.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
func (s *Service) DeleteFunctionConcurrency(ctx context.Context, in *lambda.DeleteFunctionConcurrencyInput) (*lambda.DeleteFunctionConcurrencyOutput, error) {
	return &lambda.DeleteFunctionConcurrencyOutput{}, s.reserve(ctx, in.FunctionName, nil)
}

func (s *Service) reserve(ctx context.Context, function *string, n *int32) error {
	name, err := s.whole(function)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.existing(ctx, name)
	if err != nil {
		return err
	}
	others, err := s.store.reservedTotal(ctx, name)
	if err != nil {
		return err
	}
	if n != nil && s.cfg.Concurrency-others-int(*n) < minUnreserved {
		return invalid("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", minUnreserved)
	}
	f.Reserved = n
	return putFunction(ctx, s.store.db.Write, f)
}

// GetFunctionConcurrency answers the reserved part.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
func (s *Service) GetFunctionConcurrency(ctx context.Context, in *lambda.GetFunctionConcurrencyInput) (*ReservedConcurrency, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	f, err := s.existing(ctx, name)
	if err != nil {
		return nil, err
	}
	return &ReservedConcurrency{f.Reserved}, nil
}
