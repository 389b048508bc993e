package lambda

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// DeleteFunction removes a function with all of its versions and aliases, or one
// version.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
func (s *Service) DeleteFunction(ctx context.Context, in *lambda.DeleteFunctionInput) (*lambda.DeleteFunctionOutput, error) {
	r, err := s.refer(in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.existing(ctx, r.name)
	if err != nil {
		return nil, err
	}
	out := &lambda.DeleteFunctionOutput{StatusCode: http.StatusNoContent}
	if r.qualifier != "" {
		return out, s.deleteVersion(ctx, r)
	}
	if err := s.store.change(ctx, func(q querier) error { return deleteFunction(ctx, q, f) }); err != nil {
		return nil, err
	}
	s.retire(r.name, nil)
	return out, errors.Join(s.sweep(ctx), s.logs.Forget(r.name))
}

// deleteVersion removes a version that no alias names. The caller holds mu.
func (s *Service) deleteVersion(ctx context.Context, r reference) error {
	switch {
	case r.qualifier == latest:
		return invalid("$LATEST version cannot be deleted without deleting the function.")
	case !numberPattern.MatchString(r.qualifier):
		return invalid("Deletion of aliases is not currently supported.")
	}
	aliases, err := all[alias](ctx, s.store.db.Read, aliasesTable, r.name)
	if err != nil {
		return err
	}
	var users []string
	for _, name := range slices.Sorted(maps.Keys(aliases)) {
		if aliases[name].uses(r.qualifier) {
			users = append(users, name)
		}
	}
	if len(users) > 0 {
		return conflict("Unable to delete version because the following aliases reference it: [%s]", strings.Join(users, ", "))
	}
	err = s.store.change(ctx, func(q querier) error {
		for _, t := range []table{policiesTable, configsTable} {
			if err := remove(ctx, q, t, r.name, r.qualifier); err != nil && !errors.Is(err, errNoRecord) {
				return err
			}
		}
		return remove(ctx, q, versionsTable, r.name, r.qualifier)
	})
	if errors.Is(err, errNoRecord) {
		return nil // as at AWS: a version that is not there is deleted
	}
	if err != nil {
		return err
	}
	s.runner.Retire(r.name+":"+r.qualifier+":", "")
	return s.sweep(ctx)
}
