package glue

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// CreateDatabase makes a database.
func (s *Service) CreateDatabase(ctx context.Context, in *glue.CreateDatabaseInput) (*glue.CreateDatabaseOutput, error) {
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	d, err := databaseOf(in.DatabaseInput)
	if err != nil {
		return nil, err
	}
	return &glue.CreateDatabaseOutput{}, apiError(s.store.CreateTaggedDatabase(ctx, d, in.Tags))
}

// UpdateDatabase replaces what is known of a database.
func (s *Service) UpdateDatabase(ctx context.Context, in *glue.UpdateDatabaseInput) (*glue.UpdateDatabaseOutput, error) {
	d, err := databaseOf(in.DatabaseInput)
	if err != nil {
		return nil, err
	}
	if !sameName(aws.ToString(in.Name), d.Name) {
		return nil, invalid("Database cannot be renamed")
	}
	return &glue.UpdateDatabaseOutput{}, apiError(s.store.UpdateDatabase(ctx, d))
}

// DeleteDatabase removes a database and its tables. Objects stay.
func (s *Service) DeleteDatabase(ctx context.Context, in *glue.DeleteDatabaseInput) (*glue.DeleteDatabaseOutput, error) {
	return &glue.DeleteDatabaseOutput{}, apiError(s.store.DropDatabase(ctx, aws.ToString(in.Name), false, true))
}

// GetDatabase returns a database.
func (s *Service) GetDatabase(ctx context.Context, in *glue.GetDatabaseInput) (*glue.GetDatabaseOutput, error) {
	d, err := s.store.Database(ctx, aws.ToString(in.Name))
	if err != nil {
		return nil, apiError(err)
	}
	out := databaseShape(ctx, d)
	return &glue.GetDatabaseOutput{Database: &out}, nil
}

// GetDatabases returns a page of databases by name.
func (s *Service) GetDatabases(ctx context.Context, in *glue.GetDatabasesInput) (*glue.GetDatabasesOutput, error) {
	if in.ResourceShareType == types.ResourceShareTypeForeign || in.ResourceShareType == types.ResourceShareTypeFederated {
		return &glue.GetDatabasesOutput{DatabaseList: []types.Database{}}, nil
	}
	all, err := s.store.Databases(ctx)
	if err != nil {
		return nil, apiError(err)
	}
	page, next, err := namedPage(all, func(d catalog.Database) string { return d.Name }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &glue.GetDatabasesOutput{DatabaseList: make([]types.Database, 0, len(page)), NextToken: next}
	for _, d := range page {
		shape := databaseShape(ctx, d)
		if len(in.AttributesToGet) > 0 { // NAME is the only attribute to ask for
			shape = types.Database{Name: shape.Name}
		}
		out.DatabaseList = append(out.DatabaseList, shape)
	}
	return out, nil
}

func databaseOf(in *types.DatabaseInput) (catalog.Database, error) {
	switch {
	case in == nil:
		return catalog.Database{}, violation("null", "databaseInput", "Member must not be null")
	case in.FederatedDatabase != nil:
		return catalog.Database{}, invalid("FederatedDatabase is not supported")
	case in.TargetDatabase != nil:
		return catalog.Database{}, invalid("TargetDatabase is not supported")
	}
	return catalog.Database{
		Name:        aws.ToString(in.Name),
		Description: aws.ToString(in.Description),
		LocationURI: aws.ToString(in.LocationUri),
		Parameters:  in.Parameters,
		// All clients of the service have the same rights here.
		DefaultPermissions: permissionsOf(in.CreateTableDefaultPermissions),
	}, nil
}

func databaseShape(ctx context.Context, d catalog.Database) types.Database {
	return types.Database{
		Name:                          &d.Name,
		Description:                   text(d.Description),
		LocationUri:                   text(d.LocationURI),
		Parameters:                    notNil(d.Parameters),
		CreateTableDefaultPermissions: permissionShapes(d.DefaultPermissions),
		CreateTime:                    moment(d.CreateTime),
		CatalogId:                     text(awsapi.RequestFrom(ctx).AccountID),
	}
}
