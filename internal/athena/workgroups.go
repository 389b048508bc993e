package athena

import (
	"context"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/objects"
)

// primary is the workgroup that every account has and cannot delete.
const primary = "primary"

// minCutoff is the least BytesScannedCutoffPerQuery that Athena takes.
const minCutoff = 10_000_000

var workGroupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

// workGroups holds all workgroups in memory; the store has them on disk.
type workGroups struct {
	mu    sync.RWMutex
	store *store
	all   map[string]*api.WorkGroup // values are never changed, only replaced
}

// openWorkGroups loads the workgroups and makes primary where it is missing,
// with an output location, so that a query needs no set-up.
func openWorkGroups(ctx context.Context, s *store, outputLocation string, now time.Time) (*workGroups, error) {
	w := &workGroups{store: s, all: map[string]*api.WorkGroup{}}
	stored, err := s.workGroups(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range stored {
		w.all[aws.ToString(g.Name)] = g
	}
	if w.all[primary] != nil {
		return w, nil
	}
	g := newWorkGroup(primary, now)
	g.Configuration.ResultConfiguration.OutputLocation = aws.String(outputLocation)
	return w, w.put(ctx, g)
}

func newWorkGroup(name string, created time.Time) *api.WorkGroup {
	return &api.WorkGroup{
		Name:         aws.String(name),
		State:        api.WorkGroupStateEnabled,
		CreationTime: aws.Time(created),
		Configuration: &api.WorkGroupConfiguration{
			EnableMinimumEncryptionConfiguration: aws.Bool(false),
			EnforceWorkGroupConfiguration:        aws.Bool(false),
			EngineVersion:                        engineVersion(),
			PublishCloudWatchMetricsEnabled:      aws.Bool(false),
			RequesterPaysEnabled:                 aws.Bool(false),
			ResultConfiguration:                  &api.ResultConfiguration{},
		},
	}
}

// get returns a workgroup; callers must not change it.
func (w *workGroups) get(name string) (*api.WorkGroup, error) {
	if name == "" {
		name = primary
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if g := w.all[name]; g != nil {
		return g, nil
	}
	return nil, invalid(codeWorkGroupNotFound, "WorkGroup is not found.")
}

func (w *workGroups) put(ctx context.Context, g *api.WorkGroup) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.store.putWorkGroup(ctx, g); err != nil {
		return err
	}
	w.all[aws.ToString(g.Name)] = g
	return nil
}

// GetWorkGroup follows API_GetWorkGroup.
func (s *Service) GetWorkGroup(_ context.Context, in *athena.GetWorkGroupInput) (*athena.GetWorkGroupOutput, error) {
	g, err := s.workGroups.get(aws.ToString(in.WorkGroup))
	if err != nil {
		return nil, err
	}
	return &athena.GetWorkGroupOutput{WorkGroup: g}, nil
}

// ListWorkGroups follows API_ListWorkGroups: all workgroups by name.
func (s *Service) ListWorkGroups(_ context.Context, in *athena.ListWorkGroupsInput) (*athena.ListWorkGroupsOutput, error) {
	s.workGroups.mu.RLock()
	names := make([]string, 0, len(s.workGroups.all))
	for name := range s.workGroups.all {
		names = append(names, name)
	}
	s.workGroups.mu.RUnlock()
	page, next, err := pageByName(names, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &athena.ListWorkGroupsOutput{NextToken: next, WorkGroups: []api.WorkGroupSummary{}}
	for _, name := range page {
		g, err := s.workGroups.get(name)
		if err != nil {
			continue // deleted since
		}
		out.WorkGroups = append(out.WorkGroups, api.WorkGroupSummary{
			Name: g.Name, State: g.State, CreationTime: g.CreationTime, EngineVersion: g.Configuration.EngineVersion,
			Description: aws.String(aws.ToString(g.Description)),
		})
	}
	return out, nil
}

// CreateWorkGroup follows API_CreateWorkGroup.
func (s *Service) CreateWorkGroup(ctx context.Context, in *athena.CreateWorkGroupInput) (*athena.CreateWorkGroupOutput, error) {
	name := aws.ToString(in.Name)
	if !workGroupName.MatchString(name) {
		return nil, invalid(codeInvalidInput, "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{1,128}")
	}
	if _, err := s.workGroups.get(name); err == nil {
		return nil, invalid(codeInvalidInput, "WorkGroup %s is already created", name)
	}
	if len(in.Tags) > 0 {
		return nil, notSupported("CreateWorkGroup", "Tags")
	}
	g := newWorkGroup(name, s.now())
	g.Description = in.Description
	g.Configuration.EnforceWorkGroupConfiguration = aws.Bool(true) // Athena's default for a new workgroup
	if c := in.Configuration; c != nil {
		if err := applyConfiguration(g.Configuration, c); err != nil {
			return nil, err
		}
	}
	return &athena.CreateWorkGroupOutput{}, s.workGroups.put(ctx, g)
}

func applyConfiguration(to, from *api.WorkGroupConfiguration) error {
	switch {
	case from.ExecutionRole != nil, from.IdentityCenterConfiguration != nil:
		return notSupported("CreateWorkGroup", "IdentityCenterConfiguration")
	case from.ManagedQueryResultsConfiguration != nil && from.ManagedQueryResultsConfiguration.Enabled:
		return notSupported("CreateWorkGroup", "ManagedQueryResultsConfiguration")
	case from.CustomerContentEncryptionConfiguration != nil:
		return notSupported("CreateWorkGroup", "CustomerContentEncryptionConfiguration")
	}
	if err := checkCutoff(from.BytesScannedCutoffPerQuery); err != nil {
		return err
	}
	to.BytesScannedCutoffPerQuery = from.BytesScannedCutoffPerQuery
	set(&to.EnforceWorkGroupConfiguration, from.EnforceWorkGroupConfiguration)
	set(&to.PublishCloudWatchMetricsEnabled, from.PublishCloudWatchMetricsEnabled)
	set(&to.RequesterPaysEnabled, from.RequesterPaysEnabled)
	if from.ResultConfiguration == nil {
		return nil
	}
	if err := checkResultConfiguration(from.ResultConfiguration); err != nil {
		return err
	}
	to.ResultConfiguration = from.ResultConfiguration
	return nil
}

// UpdateWorkGroup follows API_UpdateWorkGroup.
func (s *Service) UpdateWorkGroup(ctx context.Context, in *athena.UpdateWorkGroupInput) (*athena.UpdateWorkGroupOutput, error) {
	old, err := s.workGroups.get(aws.ToString(in.WorkGroup))
	if err != nil {
		return nil, err
	}
	g, c := *old, *old.Configuration
	results := *c.ResultConfiguration
	g.Configuration, c.ResultConfiguration = &c, &results
	set(&g.Description, in.Description)
	if in.State != "" {
		g.State = in.State
	}
	if u := in.ConfigurationUpdates; u != nil {
		if err := updateConfiguration(&c, u); err != nil {
			return nil, err
		}
	}
	return &athena.UpdateWorkGroupOutput{}, s.workGroups.put(ctx, &g)
}

func updateConfiguration(c *api.WorkGroupConfiguration, u *api.WorkGroupConfigurationUpdates) error {
	switch {
	case u.ExecutionRole != nil:
		return notSupported("UpdateWorkGroup", "ExecutionRole")
	case u.ManagedQueryResultsConfigurationUpdates != nil && aws.ToBool(u.ManagedQueryResultsConfigurationUpdates.Enabled):
		return notSupported("UpdateWorkGroup", "ManagedQueryResultsConfiguration")
	case u.CustomerContentEncryptionConfiguration != nil:
		return notSupported("UpdateWorkGroup", "CustomerContentEncryptionConfiguration")
	}
	if err := checkCutoff(u.BytesScannedCutoffPerQuery); err != nil {
		return err
	}
	set(&c.BytesScannedCutoffPerQuery, u.BytesScannedCutoffPerQuery)
	if aws.ToBool(u.RemoveBytesScannedCutoffPerQuery) {
		c.BytesScannedCutoffPerQuery = nil
	}
	set(&c.EnforceWorkGroupConfiguration, u.EnforceWorkGroupConfiguration)
	set(&c.PublishCloudWatchMetricsEnabled, u.PublishCloudWatchMetricsEnabled)
	set(&c.RequesterPaysEnabled, u.RequesterPaysEnabled)
	r := u.ResultConfigurationUpdates
	if r == nil {
		return nil
	}
	next := *c.ResultConfiguration
	set(&next.OutputLocation, r.OutputLocation)
	set(&next.EncryptionConfiguration, r.EncryptionConfiguration)
	set(&next.ExpectedBucketOwner, r.ExpectedBucketOwner)
	set(&next.AclConfiguration, r.AclConfiguration)
	if aws.ToBool(r.RemoveOutputLocation) {
		next.OutputLocation = nil
	}
	if aws.ToBool(r.RemoveEncryptionConfiguration) {
		next.EncryptionConfiguration = nil
	}
	if aws.ToBool(r.RemoveExpectedBucketOwner) {
		next.ExpectedBucketOwner = nil
	}
	if aws.ToBool(r.RemoveAclConfiguration) {
		next.AclConfiguration = nil
	}
	if err := checkResultConfiguration(&next); err != nil {
		return err
	}
	c.ResultConfiguration = &next
	return nil
}

// DeleteWorkGroup follows API_DeleteWorkGroup. Query executions of the
// workgroup are kept, as their results are.
func (s *Service) DeleteWorkGroup(ctx context.Context, in *athena.DeleteWorkGroupInput) (*athena.DeleteWorkGroupOutput, error) {
	name := aws.ToString(in.WorkGroup)
	if name == primary {
		return nil, invalid(codeInvalidInput, "Can not delete primary WorkGroup")
	}
	if _, err := s.workGroups.get(name); err != nil {
		return nil, err
	}
	s.workGroups.mu.Lock()
	defer s.workGroups.mu.Unlock()
	if err := s.store.deleteWorkGroup(ctx, name); err != nil {
		return nil, err
	}
	delete(s.workGroups.all, name)
	return &athena.DeleteWorkGroupOutput{}, nil
}

func checkCutoff(cutoff *int64) error {
	if cutoff != nil && *cutoff < minCutoff {
		return invalid(codeInvalidInput, "1 validation error detected: Value at 'bytesScannedCutoffPerQuery' failed to satisfy constraint: Member must have value greater than or equal to %d", minCutoff)
	}
	return nil
}

// checkResultConfiguration refuses what scops would otherwise ignore.
func checkResultConfiguration(c *api.ResultConfiguration) error {
	if c.OutputLocation != nil {
		if _, _, err := objects.SplitURI(*c.OutputLocation); err != nil {
			return invalid(codeInvalidInput, "outputLocation is not a valid S3 path.")
		}
	}
	if c.EncryptionConfiguration != nil && c.EncryptionConfiguration.EncryptionOption != api.EncryptionOptionSseS3 {
		return notSupported("ResultConfiguration", "EncryptionConfiguration."+string(c.EncryptionConfiguration.EncryptionOption))
	}
	return nil
}

func notSupported(operation, member string) error {
	return invalid(codeInvalidInput, "%s: %s is not supported by scops", operation, member)
}

// set copies a member that the caller gave.
func set[T any](to **T, from *T) {
	if from != nil {
		*to = from
	}
}
