package lambda

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// UpdateFunctionCode gives a function other code. The answer is InProgress, as at
// AWS; the next look at the function finds the update Successful.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
func (s *Service) UpdateFunctionCode(ctx context.Context, in *lambda.UpdateFunctionCodeInput) (*api.FunctionConfiguration, error) {
	switch {
	case value(in.ImageUri) != "":
		return nil, unsupported("container images (ImageUri)")
	case value(in.SourceKMSKeyArn) != "":
		return nil, unsupported("KMS keys (SourceKMSKeyArn)")
	case in.S3ObjectStorageMode != "" && in.S3ObjectStorageMode != api.S3ObjectStorageModeCopy:
		return nil, unsupported("S3ObjectStorageMode " + string(in.S3ObjectStorageMode))
	case in.PublishTo != "":
		return nil, unsupported("PublishTo")
	}
	if err := checkArchitectures(in.Architectures); err != nil {
		return nil, err
	}
	return s.update(ctx, change{
		name: in.FunctionName, revision: in.RevisionId, publish: in.Publish, dryRun: in.DryRun,
		apply: func(v *version) error {
			return s.setCode(ctx, v, source{in.ZipFile, in.S3Bucket, in.S3Key, in.S3ObjectVersion, "UpdateFunctionCode"})
		},
	})
}

// UpdateFunctionConfiguration changes what the request names of a function's
// configuration.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
func (s *Service) UpdateFunctionConfiguration(ctx context.Context, in *lambda.UpdateFunctionConfigurationInput) (*api.FunctionConfiguration, error) {
	settings := updateSettings(in)
	if err := s.check(settings); err != nil {
		return nil, err
	}
	return s.update(ctx, change{
		name: in.FunctionName, revision: in.RevisionId,
		apply: func(v *version) error {
			settings.apply(&v.Config)
			return nil
		},
	})
}

// change is one change of a function's latest version.
type change struct {
	name, revision  *string
	publish, dryRun bool
	apply           func(*version) error
}

func (s *Service) update(ctx context.Context, c change) (*api.FunctionConfiguration, error) {
	name, err := s.whole(c.name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, v, err := s.latestOf(ctx, name, c.revision)
	if err != nil {
		return nil, err
	}
	if err := c.apply(v); err != nil {
		return nil, err
	}
	v.touch(s.cfg.Now())
	out := v.Config
	if !c.dryRun {
		err = s.store.change(ctx, func(q querier) error {
			if err := put(ctx, q, versionsTable, name, latest, v); err != nil || !c.publish {
				return err
			}
			published, err := s.publish(ctx, q, f, v, "")
			out = published.Config
			return err
		})
	}
	if err := errors.Join(err, s.sweep(ctx)); err != nil {
		return nil, err
	}
	if c.dryRun {
		return &out, nil
	}
	s.retire(name, v)
	out.LastUpdateStatus = api.LastUpdateStatusInProgress
	out.LastUpdateStatusReason, out.LastUpdateStatusReasonCode = ptr("The function is being created."), api.LastUpdateStatusReasonCode("Creating")
	return &out, nil
}

// latestOf reads a function and its latest version for a change, which is meant
// for that revision, if any. The caller holds mu.
func (s *Service) latestOf(ctx context.Context, name string, revision *string) (*function, *version, error) {
	f, err := s.existing(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.find(ctx, reference{name: name})
	if err != nil {
		return nil, nil, err
	}
	if revision != nil && *revision != value(v.Config.RevisionId) {
		return nil, nil, staleRevision()
	}
	return f, v, nil
}

// existing reads a function, or says that there is none.
func (s *Service) existing(ctx context.Context, name string) (*function, error) {
	f, err := s.store.function(ctx, name)
	if errors.Is(err, errNoRecord) {
		return nil, s.missing(reference{name: name})
	}
	return f, err
}

// sweep removes the archives that no version has. The caller holds mu.
func (s *Service) sweep(ctx context.Context) error {
	used, err := s.usedCode(ctx)
	if err != nil {
		return err
	}
	return s.sweepCode(used)
}
