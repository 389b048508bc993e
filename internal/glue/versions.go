package glue

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

// Glue counts the versions of a table from 0, the catalog from 1.

func versionID(t *catalog.Table) string { return strconv.FormatInt(t.Version-1, 10) }

func versionOf(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 63)
	if err != nil || n < 0 {
		return 0, invalid("\"%s\" is not a valid integer.", id)
	}
	return n + 1, nil
}

func versionShape(ctx context.Context, t *catalog.Table) types.TableVersion {
	shape := tableShape(ctx, t)
	return types.TableVersion{Table: &shape, VersionId: shape.VersionId}
}

// GetTableVersion returns a definition that a table has or had; without a
// VersionId the present one.
func (s *Service) GetTableVersion(ctx context.Context, in *glue.GetTableVersionInput) (*glue.GetTableVersionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	if in.VersionId != nil {
		version, err := versionOf(*in.VersionId)
		if err != nil {
			return nil, err
		}
		if t, err = s.store.TableVersion(ctx, t.Database, t.Name, version); err != nil {
			return nil, apiError(err)
		}
	}
	shape := versionShape(ctx, t)
	return &glue.GetTableVersionOutput{TableVersion: &shape}, nil
}

// GetTableVersions returns a page of the definitions that a table has and had,
// the newest first.
func (s *Service) GetTableVersions(ctx context.Context, in *glue.GetTableVersionsInput) (*glue.GetTableVersionsOutput, error) {
	size, err := pageSize(in.MaxResults, maxTablesPage)
	if err != nil {
		return nil, err
	}
	last, err := fromToken(in.NextToken)
	if err != nil {
		return nil, err
	}
	var below int64
	if last != nil {
		if below, err = versionOf(last[0]); err != nil {
			return nil, err
		}
	}
	versions, err := s.store.TableVersions(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName), below, size+1)
	if err != nil {
		return nil, apiError(err)
	}
	out := &glue.GetTableVersionsOutput{TableVersions: []types.TableVersion{}}
	if len(versions) > size {
		versions = versions[:size]
		out.NextToken = token(versionID(versions[size-1]))
	}
	for _, t := range versions {
		out.TableVersions = append(out.TableVersions, versionShape(ctx, t))
	}
	return out, nil
}

// DeleteTableVersion forgets an old version.
func (s *Service) DeleteTableVersion(ctx context.Context, in *glue.DeleteTableVersionInput) (*glue.DeleteTableVersionOutput, error) {
	return &glue.DeleteTableVersionOutput{}, s.deleteVersion(ctx, in.DatabaseName, in.TableName, aws.ToString(in.VersionId))
}

func (s *Service) deleteVersion(ctx context.Context, database, table *string, id string) error {
	version, err := versionOf(id)
	if err != nil {
		return err
	}
	return apiError(s.store.DropTableVersion(ctx, aws.ToString(database), aws.ToString(table), version))
}

// BatchDeleteTableVersion forgets old versions and says which it could not.
func (s *Service) BatchDeleteTableVersion(ctx context.Context, in *glue.BatchDeleteTableVersionInput) (*glue.BatchDeleteTableVersionOutput, error) {
	if _, err := s.table(ctx, in.DatabaseName, in.TableName); err != nil {
		return nil, err
	}
	out := &glue.BatchDeleteTableVersionOutput{Errors: []types.TableVersionError{}}
	for _, id := range in.VersionIds {
		detail, err := errorDetail(s.deleteVersion(ctx, in.DatabaseName, in.TableName, id))
		if err != nil {
			return nil, err
		}
		if detail != nil {
			out.Errors = append(out.Errors, types.TableVersionError{TableName: in.TableName, VersionId: &id, ErrorDetail: detail})
		}
	}
	return out, nil
}
