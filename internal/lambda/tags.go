package lambda

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// maxTags is how many tags a function may have.
const maxTags = 50

// checkTags holds tags to AWS's rules.
func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalid("Number of tags exceeds resource tag limit.")
	}
	for key, v := range tags {
		switch {
		case key == "" || len([]rune(key)) > 128 || strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key %q is not allowed.", key)
		case len([]rune(v)) > 256:
			return invalid("The value of the tag %q is longer than 256 characters.", key)
		}
	}
	return nil
}

// taggedFunction reads the function of an ARN.
func (s *Service) taggedFunction(ctx context.Context, resource *string) (*function, error) {
	arn := value(resource)
	if !strings.Contains(arn, ":function:") || !strings.HasPrefix(arn, "arn:") {
		return nil, unsupported("tags of " + arn + ": functions have tags")
	}
	r, err := s.refer(resource, nil)
	switch {
	case err != nil:
		return nil, err
	case r.qualifier != "":
		return nil, invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
	}
	return s.existing(ctx, r.name)
}

// ListTags answers the tags of a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html
func (s *Service) ListTags(ctx context.Context, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
	f, err := s.taggedFunction(ctx, in.Resource)
	if err != nil {
		return nil, err
	}
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	return &lambda.ListTagsOutput{Tags: f.Tags}, nil
}

// TagResource adds tags to a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html
func (s *Service) TagResource(ctx context.Context, in *lambda.TagResourceInput) (*lambda.TagResourceOutput, error) {
	if len(in.Tags) == 0 {
		return nil, invalid("An error occurred and the request cannot be processed.")
	}
	return &lambda.TagResourceOutput{}, s.retag(ctx, in.Resource, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// UntagResource removes tags of a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html
func (s *Service) UntagResource(ctx context.Context, in *lambda.UntagResourceInput) (*lambda.UntagResourceOutput, error) {
	return &lambda.UntagResourceOutput{}, s.retag(ctx, in.Resource, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, resource *string, change func(map[string]string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.taggedFunction(ctx, resource)
	if err != nil {
		return err
	}
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	change(f.Tags)
	if err := checkTags(f.Tags); err != nil {
		return err
	}
	return putFunction(ctx, s.store.db.Write, f)
}
