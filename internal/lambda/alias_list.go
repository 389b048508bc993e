package lambda

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// ListAliasesOutput is the shape of ListAliases' answer.
type ListAliasesOutput struct {
	Aliases    []api.AliasConfiguration
	NextMarker *string
}

// ListAliases lists the aliases of a function by name, or those of a version.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
func (s *Service) ListAliases(ctx context.Context, in *lambda.ListAliasesInput) (*ListAliasesOutput, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	byName, err := all[alias](ctx, s.store.db.Read, aliasesTable, name)
	if err != nil {
		return nil, err
	}
	var list []api.AliasConfiguration
	for _, key := range slices.Sorted(maps.Keys(byName)) {
		if v := value(in.FunctionVersion); v == "" || byName[key].uses(v) {
			list = append(list, byName[key].Config)
		}
	}
	out := &ListAliasesOutput{}
	out.Aliases, out.NextMarker, err = page(list, func(a api.AliasConfiguration) string { return value(a.Name) }, in.Marker, in.MaxItems)
	return out, err
}
