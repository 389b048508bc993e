package lambda

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/uuid"
)

// alias is a name for a version, or for two with the share of the second.
type alias struct{ Config api.AliasConfiguration }

var aliasPattern = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,128}$`)

// uses tells whether an alias leads to a version.
func (a *alias) uses(version string) bool {
	if value(a.Config.FunctionVersion) == version {
		return true
	}
	_, ok := a.weights()[version]
	return ok
}

func (a *alias) weights() map[string]float64 {
	if a.Config.RoutingConfig == nil {
		return nil
	}
	return a.Config.RoutingConfig.AdditionalVersionWeights
}

// pick chooses the version of one invocation.
func (a *alias) pick(random float64) string {
	for version, weight := range a.weights() { // one at most
		if random < weight {
			return version
		}
	}
	return value(a.Config.FunctionVersion)
}

// route picks the version that an invocation goes to.
func (s *Service) route(ctx context.Context, r reference) (reference, error) {
	if r.qualifier == "" || r.qualifier == latest || numberPattern.MatchString(r.qualifier) {
		return r, nil
	}
	a, err := get[alias](ctx, s.store.db.Read, aliasesTable, r.name, r.qualifier)
	if errors.Is(err, errNoRecord) {
		return r, s.missing(r)
	}
	if err != nil {
		return r, err
	}
	return reference{name: r.name, qualifier: a.pick(rand.Float64())}, nil
}

// CreateAlias names a version.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
func (s *Service) CreateAlias(ctx context.Context, in *lambda.CreateAliasInput) (*api.AliasConfiguration, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	key := value(in.Name)
	if !aliasPattern.MatchString(key) || numberPattern.MatchString(key) {
		return nil, constraint(key, "name", "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)")
	}
	a := &alias{Config: api.AliasConfiguration{
		AliasArn: ptr(s.arn(name, key)), Name: &key, Description: ptr(value(in.Description)), FunctionVersion: in.FunctionVersion, RoutingConfig: in.RoutingConfig,
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	if _, err := get[alias](ctx, s.store.db.Read, aliasesTable, name, key); !errors.Is(err, errNoRecord) {
		return nil, orConflict(err, "Alias already exists: %s", s.arn(name, key))
	}
	return s.putAlias(ctx, name, a)
}

// putAlias checks and stores an alias with a new revision. The caller holds mu.
func (s *Service) putAlias(ctx context.Context, name string, a *alias) (*api.AliasConfiguration, error) {
	if err := s.checkAlias(ctx, name, a); err != nil {
		return nil, err
	}
	if len(a.weights()) == 0 {
		a.Config.RoutingConfig = nil
	}
	a.Config.RevisionId = ptr(uuid.NewString())
	if err := put(ctx, s.store.db.Write, aliasesTable, name, value(a.Config.Name), a); err != nil {
		return nil, err
	}
	return &a.Config, nil
}

func (s *Service) checkAlias(ctx context.Context, name string, a *alias) error {
	main := value(a.Config.FunctionVersion)
	if main != latest && !numberPattern.MatchString(main) {
		return constraint(main, "functionVersion", `Member must satisfy regular expression pattern: (\$LATEST|[0-9]+)`)
	}
	if len(value(a.Config.Description)) > 256 {
		return constraint(*a.Config.Description, "description", "Member must have length less than or equal to 256")
	}
	if _, err := s.find(ctx, reference{name, main}); err != nil {
		return err
	}
	switch weights := a.weights(); {
	case len(weights) == 0:
		return nil
	case len(weights) > 1:
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	case main == latest:
		return invalid("$LATEST is not supported for an alias pointing to more than 1 version")
	}
	for version, weight := range a.weights() {
		switch {
		case !numberPattern.MatchString(version):
			return constraint("{"+version+"}", "routingConfig.additionalVersionWeights", "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+]")
		case weight < 0 || weight > 1:
			return constraint("{"+version+"}", "routingConfig.additionalVersionWeights", "Map value must satisfy constraint: [Member must have value between 0.0 and 1.0]")
		case version == main:
			return invalid("Invalid function version %s. Function version %s is already included in routing configuration.", version, version)
		}
		if _, err := s.find(ctx, reference{name, version}); err != nil {
			return err
		}
	}
	return nil
}

// aliasOf reads an alias, or says that there is none.
func (s *Service) aliasOf(ctx context.Context, function, key *string) (string, *alias, error) {
	name, err := s.whole(function)
	if err != nil {
		return "", nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return "", nil, err
	}
	a, err := get[alias](ctx, s.store.db.Read, aliasesTable, name, value(key))
	if errors.Is(err, errNoRecord) {
		err = notFound("Cannot find alias arn: %s", s.arn(name, value(key)))
	}
	return name, a, err
}

// GetAlias answers an alias.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html
func (s *Service) GetAlias(ctx context.Context, in *lambda.GetAliasInput) (*api.AliasConfiguration, error) {
	_, a, err := s.aliasOf(ctx, in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	return &a.Config, nil
}

// UpdateAlias changes what the request names of an alias.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
func (s *Service) UpdateAlias(ctx context.Context, in *lambda.UpdateAliasInput) (*api.AliasConfiguration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, a, err := s.aliasOf(ctx, in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	if in.RevisionId != nil && *in.RevisionId != value(a.Config.RevisionId) {
		return nil, staleRevision()
	}
	set(&a.Config.FunctionVersion, in.FunctionVersion)
	set(&a.Config.Description, in.Description)
	set(&a.Config.RoutingConfig, in.RoutingConfig)
	return s.putAlias(ctx, name, a)
}

// DeleteAlias removes an alias; one that is not there is no error.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html
func (s *Service) DeleteAlias(ctx context.Context, in *lambda.DeleteAliasInput) (*lambda.DeleteAliasOutput, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	err = s.store.change(ctx, func(q querier) error {
		for _, t := range []table{aliasesTable, policiesTable, configsTable} {
			if err := remove(ctx, q, t, name, value(in.Name)); err != nil && !errors.Is(err, errNoRecord) {
				return err
			}
		}
		return nil
	})
	return &lambda.DeleteAliasOutput{}, err
}
