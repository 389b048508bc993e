package lambda

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// maxTags is how many tags a function may have.
const maxTags = 50

// CheckTags holds tags to AWS's rules.
func CheckTags(tags map[string]string) error {
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

// Mappings has the tags of event source mappings, which another package owns.
type Mappings interface {
	Tags(arn string) (map[string]string, error)
	// Retag stores what change makes of the tags, unless that fails.
	Retag(ctx context.Context, arn string, change func(tags map[string]string) error) error
}

// TagMappings has the operations on tags reach event source mappings. It is
// called before the first request.
func (s *Service) TagMappings(m Mappings) { s.mappings = m }

// isMapping tells whether a resource is an event source mapping.
func (s *Service) isMapping(resource *string) bool {
	return s.mappings != nil && strings.Contains(value(resource), ":event-source-mapping:")
}

// taggedFunction reads the function of an ARN.
func (s *Service) taggedFunction(ctx context.Context, resource *string) (*function, error) {
	arn := value(resource)
	if !strings.Contains(arn, ":function:") || !strings.HasPrefix(arn, "arn:") {
		return nil, unsupported("tags of " + arn + ": functions and event source mappings have tags")
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

// ListTags answers the tags of a function or an event source mapping.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html
func (s *Service) ListTags(ctx context.Context, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
	if s.isMapping(in.Resource) {
		tags, err := s.mappings.Tags(*in.Resource)
		return &lambda.ListTagsOutput{Tags: tags}, err
	}
	f, err := s.taggedFunction(ctx, in.Resource)
	if err != nil {
		return nil, err
	}
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	return &lambda.ListTagsOutput{Tags: f.Tags}, nil
}

// TagResource adds tags to a function or an event source mapping.
// https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html
func (s *Service) TagResource(ctx context.Context, in *lambda.TagResourceInput) (*lambda.TagResourceOutput, error) {
	if len(in.Tags) == 0 {
		return nil, invalid("An error occurred and the request cannot be processed.")
	}
	return &lambda.TagResourceOutput{}, s.retag(ctx, in.Resource, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// UntagResource removes tags of a function or an event source mapping.
// https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html
func (s *Service) UntagResource(ctx context.Context, in *lambda.UntagResourceInput) (*lambda.UntagResourceOutput, error) {
	return &lambda.UntagResourceOutput{}, s.retag(ctx, in.Resource, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, resource *string, change func(map[string]string)) error {
	if s.isMapping(resource) {
		return s.mappings.Retag(ctx, *resource, func(tags map[string]string) error {
			change(tags)
			return CheckTags(tags)
		})
	}
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
	if err := CheckTags(f.Tags); err != nil {
		return err
	}
	return putFunction(ctx, s.store.db.Write, f)
}
