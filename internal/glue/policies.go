package glue

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// codeCondition is the code of a policy condition that does not hold.
const codeCondition = "ConditionCheckFailureException"

// policyResource is the ARN that a policy is of: of the catalog where the call
// names none.
func policyResource(ctx context.Context, named *string) string {
	if named != nil {
		return *named
	}
	return awsapi.RequestFrom(ctx).ARN("glue", "catalog")
}

func policyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:16])
}

// policyCondition is what a call says of the policy that is there.
func policyCondition(exists types.ExistCondition, hash *string) func(*catalog.Policy) error {
	return func(old *catalog.Policy) error {
		switch {
		case exists == types.ExistConditionMustExist && old == nil:
			return awsapi.Errorf(codeCondition, "Policy does not exist")
		case exists == types.ExistConditionNotExist && old != nil:
			return awsapi.Errorf(codeCondition, "Policy already exists")
		case hash != nil && (old == nil || policyHash(old.Text) != *hash):
			return awsapi.Errorf(codeCondition, "Policy hash does not match")
		}
		return nil
	}
}

// PutResourcePolicy keeps a policy. It is given back and decides nothing: who
// may do what is decided by keys alone here.
func (s *Service) PutResourcePolicy(ctx context.Context, in *glue.PutResourcePolicyInput) (*glue.PutResourcePolicyOutput, error) {
	policy := aws.ToString(in.PolicyInJson)
	if !json.Valid([]byte(policy)) || len(policy) < 2 {
		return nil, invalid("Policy is not valid JSON")
	}
	if err := s.store.SetPolicy(ctx, policyResource(ctx, in.ResourceArn), policy, policyCondition(in.PolicyExistsCondition, in.PolicyHashCondition)); err != nil {
		return nil, apiError(err)
	}
	return &glue.PutResourcePolicyOutput{PolicyHash: aws.String(policyHash(policy))}, nil
}

// DeleteResourcePolicy forgets a policy.
func (s *Service) DeleteResourcePolicy(ctx context.Context, in *glue.DeleteResourcePolicyInput) (*glue.DeleteResourcePolicyOutput, error) {
	err := s.store.SetPolicy(ctx, policyResource(ctx, in.ResourceArn), "", func(old *catalog.Policy) error {
		if old == nil {
			return awsapi.Errorf(codeNotFound, "Policy not found")
		}
		return policyCondition("", in.PolicyHashCondition)(old)
	})
	return &glue.DeleteResourcePolicyOutput{}, apiError(err)
}

// GetResourcePolicy returns a policy.
func (s *Service) GetResourcePolicy(ctx context.Context, in *glue.GetResourcePolicyInput) (*glue.GetResourcePolicyOutput, error) {
	all, err := s.store.Policies(ctx)
	if err != nil {
		return nil, apiError(err)
	}
	resource := policyResource(ctx, in.ResourceArn)
	for _, p := range all {
		if p.Resource == resource {
			return &glue.GetResourcePolicyOutput{PolicyInJson: &p.Text, PolicyHash: aws.String(policyHash(p.Text)), CreateTime: &p.CreateTime, UpdateTime: &p.UpdateTime}, nil
		}
	}
	return nil, awsapi.Errorf(codeNotFound, "Policy not found")
}

// GetResourcePolicies returns a page of the policies.
func (s *Service) GetResourcePolicies(ctx context.Context, in *glue.GetResourcePoliciesInput) (*glue.GetResourcePoliciesOutput, error) {
	all, err := s.store.Policies(ctx)
	if err != nil {
		return nil, apiError(err)
	}
	page, next, err := page(all, maxPartitionsPage, in.NextToken, in.MaxResults, func(p catalog.Policy) []string { return []string{p.Resource} }, slices.Compare[[]string])
	if err != nil {
		return nil, err
	}
	out := &glue.GetResourcePoliciesOutput{GetResourcePoliciesResponseList: []types.GluePolicy{}, NextToken: next}
	for _, p := range page {
		out.GetResourcePoliciesResponseList = append(out.GetResourcePoliciesResponseList, types.GluePolicy{PolicyInJson: &p.Text, PolicyHash: aws.String(policyHash(p.Text)), CreateTime: &p.CreateTime, UpdateTime: &p.UpdateTime})
	}
	return out, nil
}
