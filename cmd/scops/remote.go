package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/intake"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
)

// withRemote returns the embedded store together with those that the
// configuration names.
func (a *app) withRemote(ctx context.Context, stores []config.Store) (objects.Store, error) {
	if len(stores) == 0 {
		return a.local, nil
	}
	routed := &objects.Routed{Home: a.local, Remote: map[string]objects.Store{}}
	for _, s := range stores {
		account, err := a.awsConfig(ctx, s.Account)
		if err != nil {
			return nil, fmt.Errorf("store %s: %w", s.Name, err)
		}
		o := objects.RemoteOptions{AWS: account, Endpoint: s.Endpoint, PathStyle: s.Endpoint != ""}
		if s.PathStyle != nil {
			o.PathStyle = *s.PathStyle
		}
		remote := objects.NewRemote(o)
		for _, b := range s.Buckets {
			routed.Remote[b] = remote
		}
	}
	return routed, nil
}

// openCache lets the engine read what is in stores elsewhere.
func (a *app) openCache(cfg *config.Config, o *duckdb.Options) error {
	if len(cfg.Stores) == 0 {
		return nil
	}
	dir, err := filepath.Abs(filepath.Join(a.options.data, "cache", "objects"))
	if err != nil {
		return err
	}
	limit := int64(config.DefaultCacheBytes)
	if cfg.CacheBytes != nil {
		limit = int64(*cfg.CacheBytes)
	}
	cache, err := objects.OpenCache(dir, a.objects, limit)
	if err != nil {
		return err
	}
	o.AllowedDirs, o.Remote = append(o.AllowedDirs, dir), cache
	return nil
}

// awsConfig signs in to AWS, or to a server with its API.
func (a *app) awsConfig(ctx context.Context, c config.Account) (aws.Config, error) {
	options := []func(*awsconfig.LoadOptions) error{awsconfig.WithRegion(firstOf(c.Region, a.region))}
	if c.Profile != "" {
		options = append(options, awsconfig.WithSharedConfigProfile(c.Profile))
	}
	if c.AccessKeyID != "" {
		options = append(options, awsconfig.WithCredentialsProvider(
			awscredentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, c.SessionToken)))
	}
	return awsconfig.LoadDefaultConfig(ctx, options...)
}

// openIntakes begins to take messages from queues elsewhere.
func (a *app) openIntakes(ctx context.Context, cfg *config.Config) error {
	for _, q := range cfg.Queues {
		if q.Source == nil {
			continue
		}
		account, err := a.awsConfig(ctx, q.Source.Account)
		if err != nil {
			return fmt.Errorf("queue %s: source: %w", q.Name, err)
		}
		client := sqs.NewFromConfig(account, func(o *sqs.Options) {
			// Never AWS_ENDPOINT_URL: in the environment of scops that is scops.
			if o.BaseEndpoint = nil; q.Source.Endpoint != "" {
				o.BaseEndpoint = &q.Source.Endpoint
			}
		})
		in := intake.Start(intake.Options{
			From: client, URL: q.Source.URL, To: a.queue, Queue: queue.Name(q.Name), Pollers: q.Source.Pollers,
			Visibility: time.Duration(q.Source.VisibilityTimeout), Log: a.log,
		})
		a.onClose(func(context.Context) error { in.Close(); return nil })
	}
	return nil
}
