package athena

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// ListTagsForResource follows API_ListTagsForResource: of a workgroup or data
// catalog, which have none, since tags are refused.
func (s *Service) ListTagsForResource(_ context.Context, in *athena.ListTagsForResourceInput) (*athena.ListTagsForResourceOutput, error) {
	a, err := arn.Parse(aws.ToString(in.ResourceARN))
	if err != nil || a.Service != "athena" {
		return nil, invalid(codeInvalidInput, "Invalid resource ARN: %s", aws.ToString(in.ResourceARN))
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case kind == "workgroup":
		if _, err := s.workGroups.get(name); err != nil {
			return nil, err
		}
	case kind != "datacatalog" || !catalogNames[strings.ToLower(name)]:
		return nil, invalid(codeInvalidInput, "Resource %s was not found", a.Resource)
	}
	return &athena.ListTagsForResourceOutput{Tags: []api.Tag{}}, nil
}
