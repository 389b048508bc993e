package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/objects"
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
