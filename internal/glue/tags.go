package glue

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/crawler"
)

const maxTags = 50 // of a resource

// tagged is something that has tags.
type tagged interface {
	tags(ctx context.Context) (map[string]string, error)
	tag(ctx context.Context, add map[string]string, remove []string) error
}

// TagResource adds tags to a resource.
func (s *Service) TagResource(ctx context.Context, in *glue.TagResourceInput) (*glue.TagResourceOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.TagsToAdd); err != nil {
		return nil, err
	}
	return &glue.TagResourceOutput{}, resource.tag(ctx, in.TagsToAdd, nil)
}

// UntagResource takes tags of a resource away; it need not have them.
func (s *Service) UntagResource(ctx context.Context, in *glue.UntagResourceInput) (*glue.UntagResourceOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &glue.UntagResourceOutput{}, resource.tag(ctx, nil, in.TagsToRemove)
}

// GetTags returns the tags of a resource.
func (s *Service) GetTags(ctx context.Context, in *glue.GetTagsInput) (*glue.GetTagsOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := resource.tags(ctx)
	return &glue.GetTagsOutput{Tags: tags}, err
}

// checkTags applies AWS's limits of tags.
func checkTags(tags map[string]string) error {
	for key, value := range tags {
		switch {
		case key == "" || len(key) > 128:
			return invalid("A tag key has 1 to 128 bytes, '%s' has %d", key, len(key))
		case len(value) > 256:
			return invalid("A tag value has at most 256 bytes, that of '%s' has %d", key, len(value))
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys that begin with aws: are reserved, as '%s'", key)
		}
	}
	return nil
}

// tagged finds the resource of an ARN. Tables, partitions and functions have no
// tags in AWS either.
func (s *Service) tagged(ctx context.Context, resourceARN *string) (tagged, error) {
	name := aws.ToString(resourceARN)
	a, err := arn.Parse(name)
	if err != nil || a.Service != "glue" {
		return nil, invalid("Invalid resource ARN: %s", name)
	}
	switch kind, item, _ := strings.Cut(a.Resource, "/"); {
	case kind == "database":
		d, err := s.store.Database(ctx, item)
		return taggedDatabase{s.store, catalog.DatabaseResource(d.Name)}, apiError(err)
	case kind == "crawler" && s.crawlers != nil:
		return taggedCrawler{s.crawlers.manager, item}, nil
	default:
		return nil, invalid("Resources of type %s cannot have tags: %s", kind, name)
	}
}

type taggedDatabase struct {
	store    *catalog.Store
	resource string
}

func (d taggedDatabase) tags(ctx context.Context) (map[string]string, error) {
	tags, err := d.store.Tags(ctx, d.resource)
	return tags, apiError(err)
}

func (d taggedDatabase) tag(ctx context.Context, add map[string]string, remove []string) error {
	return apiError(d.store.Tag(ctx, d.resource, add, remove))
}

type taggedCrawler struct {
	manager *crawler.Manager
	name    string
}

func (c taggedCrawler) tags(ctx context.Context) (map[string]string, error) {
	status, err := c.manager.Get(ctx, c.name)
	if status.Tags == nil {
		status.Tags = map[string]string{}
	}
	return status.Tags, crawlerError(err)
}

func (c taggedCrawler) tag(ctx context.Context, add map[string]string, remove []string) error {
	return crawlerError(c.manager.Tag(ctx, c.name, add, remove, func(tags map[string]string) error {
		if len(tags) > maxTags {
			return invalid("A crawler has at most %d tags", maxTags)
		}
		return nil
	}))
}
