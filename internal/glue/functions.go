package glue

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// User-defined functions are kept for the engines that define and run them, as
// Hive and Trino; no query of scops can call them.

// CreateUserDefinedFunction keeps a function.
func (s *Service) CreateUserDefinedFunction(ctx context.Context, in *glue.CreateUserDefinedFunctionInput) (*glue.CreateUserDefinedFunctionOutput, error) {
	f, err := functionOf(in.DatabaseName, in.FunctionInput)
	if err != nil {
		return nil, err
	}
	return &glue.CreateUserDefinedFunctionOutput{}, apiError(s.store.CreateFunction(ctx, f))
}

// UpdateUserDefinedFunction replaces a function.
func (s *Service) UpdateUserDefinedFunction(ctx context.Context, in *glue.UpdateUserDefinedFunctionInput) (*glue.UpdateUserDefinedFunctionOutput, error) {
	f, err := functionOf(in.DatabaseName, in.FunctionInput)
	if err != nil {
		return nil, err
	}
	if name := aws.ToString(in.FunctionName); !sameName(f.Name, name) {
		if f.Name != "" {
			return nil, invalid("Function cannot be renamed")
		}
		f.Name = name
	}
	return &glue.UpdateUserDefinedFunctionOutput{}, apiError(s.store.UpdateFunction(ctx, f))
}

func functionOf(database *string, in *types.UserDefinedFunctionInput) (catalog.Function, error) {
	if in == nil {
		return catalog.Function{}, violation("null", "functionInput", "Member must not be null")
	}
	f := catalog.Function{
		Database:         aws.ToString(database),
		Name:             aws.ToString(in.FunctionName),
		ClassName:        aws.ToString(in.ClassName),
		OwnerName:        aws.ToString(in.OwnerName),
		OwnerType:        string(in.OwnerType),
		Type:             string(in.FunctionType),
		GovernanceMode:   string(in.GovernanceMode),
		ArtifactLocation: aws.ToString(in.ArtifactLocation),
	}
	for _, r := range in.ResourceUris {
		f.Resources = append(f.Resources, catalog.FunctionResource{Type: string(r.ResourceType), URI: aws.ToString(r.Uri), LastModified: aws.ToTime(r.LastModified)})
	}
	return f, nil
}

func functionShape(ctx context.Context, f catalog.Function) types.UserDefinedFunction {
	out := types.UserDefinedFunction{
		DatabaseName:     &f.Database,
		FunctionName:     &f.Name,
		ClassName:        text(f.ClassName),
		OwnerName:        text(f.OwnerName),
		OwnerType:        types.PrincipalType(f.OwnerType),
		FunctionType:     types.FunctionType(f.Type),
		GovernanceMode:   types.GovernanceMode(f.GovernanceMode),
		ArtifactLocation: text(f.ArtifactLocation),
		ResourceUris:     []types.ResourceUri{},
		CreateTime:       moment(f.CreateTime),
		CatalogId:        text(awsapi.RequestFrom(ctx).AccountID),
	}
	for _, r := range f.Resources {
		out.ResourceUris = append(out.ResourceUris, types.ResourceUri{ResourceType: types.ResourceType(r.Type), Uri: &r.URI, LastModified: moment(r.LastModified)})
	}
	return out
}

// GetUserDefinedFunction returns a function.
func (s *Service) GetUserDefinedFunction(ctx context.Context, in *glue.GetUserDefinedFunctionInput) (*glue.GetUserDefinedFunctionOutput, error) {
	f, err := s.store.Function(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.FunctionName))
	if err != nil {
		return nil, apiError(err)
	}
	shape := functionShape(ctx, f)
	return &glue.GetUserDefinedFunctionOutput{UserDefinedFunction: &shape}, nil
}

// GetUserDefinedFunctions returns a page of the functions of a database, or of
// all, whose names match a pattern.
func (s *Service) GetUserDefinedFunctions(ctx context.Context, in *glue.GetUserDefinedFunctionsInput) (*glue.GetUserDefinedFunctionsOutput, error) {
	match, err := nameMatcher(aws.ToString(in.Pattern))
	if err != nil {
		return nil, err
	}
	all, err := s.store.Functions(ctx, aws.ToString(in.DatabaseName))
	if err != nil {
		return nil, apiError(err)
	}
	var matching []catalog.Function
	for _, f := range all {
		if match(f.Name) && (in.FunctionType == "" || string(in.FunctionType) == f.Type) {
			matching = append(matching, f)
		}
	}
	page, next, err := page(matching, maxTablesPage, in.NextToken, in.MaxResults, func(f catalog.Function) []string { return []string{f.Database, f.Name} }, slices.Compare[[]string])
	if err != nil {
		return nil, err
	}
	out := &glue.GetUserDefinedFunctionsOutput{UserDefinedFunctions: []types.UserDefinedFunction{}, NextToken: next}
	for _, f := range page {
		out.UserDefinedFunctions = append(out.UserDefinedFunctions, functionShape(ctx, f))
	}
	return out, nil
}

// DeleteUserDefinedFunction forgets a function.
func (s *Service) DeleteUserDefinedFunction(ctx context.Context, in *glue.DeleteUserDefinedFunctionInput) (*glue.DeleteUserDefinedFunctionOutput, error) {
	return &glue.DeleteUserDefinedFunctionOutput{}, apiError(s.store.DropFunction(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.FunctionName)))
}
