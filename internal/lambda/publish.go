package lambda

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// PublishVersion makes a version of the latest code and configuration. Where
// neither changed since the last version, that one is the answer.
// https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func (s *Service) PublishVersion(ctx context.Context, in *lambda.PublishVersionInput) (*api.FunctionConfiguration, error) {
	name, err := s.whole(in.FunctionName)
	switch {
	case err != nil:
		return nil, err
	case in.PublishTo != "":
		return nil, unsupported("PublishTo")
	case len(value(in.Description)) > 256:
		return nil, constraint(*in.Description, "description", "Member must have length less than or equal to 256")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, v, err := s.latestOf(ctx, name, in.RevisionId)
	if err != nil {
		return nil, err
	}
	if sum := value(in.CodeSha256); sum != "" && sum != value(v.Config.CodeSha256) {
		return nil, invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.", sum, value(v.Config.CodeSha256))
	}
	versions, err := s.versions(ctx, name)
	if err != nil {
		return nil, err
	}
	if last := versions[len(versions)-1]; last.Source == value(v.Config.RevisionId) {
		return &last.Config, nil
	}
	var published *version
	err = s.store.change(ctx, func(q querier) error {
		published, err = s.publish(ctx, q, f, v, value(in.Description))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &published.Config, nil
}

// publish stores a version of the latest code and configuration. The caller
// holds mu.
func (s *Service) publish(ctx context.Context, q querier, f *function, from *version, description string) (*version, error) {
	number := strconv.Itoa(f.NextVersion)
	v := *from
	v.Source = value(from.Config.RevisionId)
	v.Config.Version = &number
	v.Config.FunctionArn = ptr(s.arn(f.Name, number))
	if description != "" {
		v.Config.Description = &description
	}
	v.touch(s.cfg.Now())
	f.NextVersion++
	if err := putFunction(ctx, q, f); err != nil {
		return nil, err
	}
	return &v, put(ctx, q, versionsTable, f.Name, number, &v)
}
