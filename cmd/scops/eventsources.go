package main

import (
	"context"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/lambda"
	"github.com/scopsdb/scops/internal/lambda/eventsource"
	"github.com/scopsdb/scops/internal/sqs"
)

func (a *app) openEventSources(ctx context.Context, _ *config.Config) (err error) {
	a.queues = sqs.New(a.queue, sqs.Options{})
	a.sources, err = eventsource.Open(ctx, eventsource.Options{
		DB: a.db, Queues: a.queues.Consumer(a.region, accountID), Functions: functions{a.lambda},
		CheckTags: lambda.CheckTags, Region: a.region, AccountID: accountID, Log: a.log,
	})
	if err != nil {
		return err
	}
	a.lambda.TagMappings(a.sources)
	return nil
}

// invocationGrace is how long invocations of event source mappings may go on
// after a signal. It leaves time for the rest of the shutdown.
const invocationGrace = shutdownGrace / 2

func (a *app) closeEventSources(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, invocationGrace)
	defer cancel()
	return a.sources.Close(ctx)
}

// functions are those of the Lambda service, as event source mappings need them.
type functions struct{ invoker lambda.Invoker }

func (f functions) Find(ctx context.Context, name string) (eventsource.Function, error) {
	d, err := f.invoker.DescribeFunction(ctx, name, "")
	return eventsource.Function{ARN: d.ARN, Timeout: d.Timeout}, err
}

func (f functions) Invoke(ctx context.Context, arn string, payload []byte) (eventsource.Outcome, error) {
	r, err := f.invoker.InvokeFunction(ctx, arn, "", payload)
	if err == nil && r.Throttled {
		err = awsapi.Errorf("TooManyRequestsException", "Rate Exceeded.")
	}
	return eventsource.Outcome{Payload: r.Payload, FunctionError: r.FunctionError}, err
}
