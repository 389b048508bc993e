package lambda

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// maxPage is how many items an answer has at most, as at AWS whatever a request
// asks for.
const maxPage = 50

// page cuts a list, ordered by the keys of its items, to what follows a marker.
func page[T any](items []T, key func(T) string, marker *string, maxItems *int32) (out []T, next *string, err error) {
	limit := maxPage
	if maxItems != nil {
		if *maxItems < 1 || *maxItems > 10000 {
			return nil, nil, constraint(strconv.Itoa(int(*maxItems)), "maxItems", "Member must have value between 1 and 10000")
		}
		limit = min(limit, int(*maxItems))
	}
	if value(marker) != "" {
		at := slices.IndexFunc(items, func(i T) bool { return key(i) == *marker })
		if at < 0 {
			return nil, nil, invalid("Invalid Marker: %s", *marker)
		}
		items = items[at:]
	}
	if len(items) > limit {
		next = ptr(key(items[limit]))
		items = items[:limit]
	}
	return append(make([]T, 0, len(items)), items...), next, nil
}

// ListFunctionsOutput is the shape of ListFunctions' answer.
type ListFunctionsOutput struct {
	Functions  []api.FunctionConfiguration
	NextMarker *string
}

// ListFunctions lists functions by name, with FunctionVersion ALL also their
// versions.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
func (s *Service) ListFunctions(ctx context.Context, in *lambda.ListFunctionsInput) (*ListFunctionsOutput, error) {
	switch {
	case in.FunctionVersion != "" && in.FunctionVersion != api.FunctionVersionAll:
		return nil, constraint(string(in.FunctionVersion), "functionVersion", "Member must satisfy enum value set: [ALL]")
	case value(in.MasterRegion) != "":
		return nil, unsupported("Lambda@Edge (MasterRegion)")
	}
	names, err := s.store.functionNames(ctx)
	if err != nil {
		return nil, err
	}
	var list []api.FunctionConfiguration
	for _, name := range names {
		versions, err := s.versions(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			if v.Config.Version != nil && (in.FunctionVersion == api.FunctionVersionAll || *v.Config.Version == latest) {
				list = append(list, listed(v, in.FunctionVersion == api.FunctionVersionAll))
			}
		}
	}
	out := &ListFunctionsOutput{}
	out.Functions, out.NextMarker, err = page(list, func(c api.FunctionConfiguration) string {
		return value(c.FunctionName) + ":" + value(c.Version)
	}, in.Marker, in.MaxItems)
	return out, err
}

// listed is a version as lists answer it: without its states. Where versions are
// listed, the latest has its qualifier.
func listed(v *version, qualified bool) api.FunctionConfiguration {
	c := v.Config
	c.State, c.LastUpdateStatus, c.RuntimeVersionConfig = "", "", nil
	if qualified && *c.Version == latest {
		c.FunctionArn = ptr(*c.FunctionArn + ":" + latest)
	}
	return c
}

// versions reads the versions of a function, the latest and then by number.
func (s *Service) versions(ctx context.Context, name string) ([]*version, error) {
	byKey, err := all[version](ctx, s.store.db.Read, versionsTable, name)
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *version) int { return number(a) - number(b) }), nil
}

// number is that of a version; 0 is the latest.
func number(v *version) int {
	n, _ := strconv.Atoi(value(v.Config.Version))
	return n
}

// ListVersionsOutput is the shape of ListVersionsByFunction's answer.
type ListVersionsOutput struct {
	Versions   []api.FunctionConfiguration
	NextMarker *string
}

// ListVersionsByFunction lists the versions of a function, $LATEST first.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
func (s *Service) ListVersionsByFunction(ctx context.Context, in *lambda.ListVersionsByFunctionInput) (*ListVersionsOutput, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	versions, err := s.versions(ctx, name)
	if err != nil {
		return nil, err
	}
	var list []api.FunctionConfiguration
	for _, v := range versions {
		list = append(list, listed(v, true))
	}
	out := &ListVersionsOutput{}
	out.Versions, out.NextMarker, err = page(list, func(c api.FunctionConfiguration) string { return value(c.Version) }, in.Marker, in.MaxItems)
	return out, err
}
