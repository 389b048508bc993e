package glue

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/scopsdb/scops/internal/catalog"
)

// TagResource adds tags to a resource.
func (s *Service) TagResource(ctx context.Context, in *glue.TagResourceInput) (*glue.TagResourceOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.TagsToAdd); err != nil {
		return nil, err
	}
	return &glue.TagResourceOutput{}, apiError(s.store.Tag(ctx, resource, in.TagsToAdd, nil))
}

// UntagResource takes tags of a resource away; it need not have them.
func (s *Service) UntagResource(ctx context.Context, in *glue.UntagResourceInput) (*glue.UntagResourceOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &glue.UntagResourceOutput{}, apiError(s.store.Tag(ctx, resource, nil, in.TagsToRemove))
}

// GetTags returns the tags of a resource.
func (s *Service) GetTags(ctx context.Context, in *glue.GetTagsInput) (*glue.GetTagsOutput, error) {
	resource, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := s.store.Tags(ctx, resource)
	return &glue.GetTagsOutput{Tags: tags}, apiError(err)
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

// tagged is the name under which the tags of a resource are kept, which must be
// there. Tables, partitions and functions have no tags in AWS either.
func (s *Service) tagged(ctx context.Context, resourceARN *string) (string, error) {
	name := aws.ToString(resourceARN)
	a, err := arn.Parse(name)
	if err != nil || a.Service != "glue" {
		return "", invalid("Invalid resource ARN: %s", name)
	}
	kind, item, _ := strings.Cut(a.Resource, "/")
	if kind != "database" {
		return "", invalid("Resources of type %s cannot have tags: %s", kind, name)
	}
	d, err := s.store.Database(ctx, item)
	return catalog.DatabaseResource(d.Name), apiError(err)
}
