package glue

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

const maxExpression = 2048 // of an Expression

// CreateTable makes a table or view.
func (s *Service) CreateTable(ctx context.Context, in *glue.CreateTableInput) (*glue.CreateTableOutput, error) {
	switch {
	case in.OpenTableFormatInput != nil:
		return nil, invalid("OpenTableFormatInput is not supported")
	case in.TransactionId != nil:
		return nil, invalid("TransactionId is not supported")
	}
	t, err := tableOf(in.DatabaseName, in.TableInput)
	if err != nil {
		return nil, err
	}
	indexes := make([]catalog.PartitionIndex, len(in.PartitionIndexes))
	for i, index := range in.PartitionIndexes {
		indexes[i] = indexOf(index)
	}
	return &glue.CreateTableOutput{}, apiError(s.store.CreateTable(ctx, t, false, indexes...))
}

// UpdateTable replaces a table's definition. With VersionId it does so only
// where that is still the version (ConcurrentModificationException otherwise),
// which is how Iceberg commits. What the table was is kept as an old version
// unless SkipArchive is set.
func (s *Service) UpdateTable(ctx context.Context, in *glue.UpdateTableInput) (*glue.UpdateTableOutput, error) {
	switch {
	case in.UpdateOpenTableFormatInput != nil:
		return nil, invalid("UpdateOpenTableFormatInput is not supported")
	case in.ViewUpdateAction != "":
		return nil, invalid("ViewUpdateAction is not supported")
	case in.TransactionId != nil:
		return nil, invalid("TransactionId is not supported")
	}
	t, err := tableOf(in.DatabaseName, in.TableInput)
	if err != nil {
		return nil, err
	}
	if in.Name != nil && !sameName(*in.Name, t.Name) {
		return nil, invalid("Table cannot be renamed")
	}
	update := s.store.UpdateTable
	if aws.ToBool(in.SkipArchive) {
		update = s.store.UpdateTableOnly
	}
	if in.VersionId != nil {
		if t.Version, err = versionOf(*in.VersionId); err != nil {
			return nil, err
		}
		return &glue.UpdateTableOutput{}, apiError(update(ctx, t))
	}
	for {
		old, err := s.store.Table(ctx, t.Database, t.Name)
		if err != nil {
			return nil, apiError(err)
		}
		t.Version = old.Version
		err = update(ctx, t)
		if errors.Is(err, catalog.ErrConflict) {
			continue // changed in between: the last writer wins, as in Glue
		}
		return &glue.UpdateTableOutput{}, apiError(err)
	}
}

// DeleteTable removes a table or view. Objects stay.
func (s *Service) DeleteTable(ctx context.Context, in *glue.DeleteTableInput) (*glue.DeleteTableOutput, error) {
	if in.TransactionId != nil {
		return nil, invalid("TransactionId is not supported")
	}
	return &glue.DeleteTableOutput{}, apiError(s.store.DropTable(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.Name), false))
}

// BatchDeleteTable removes tables and says which it could not.
func (s *Service) BatchDeleteTable(ctx context.Context, in *glue.BatchDeleteTableInput) (*glue.BatchDeleteTableOutput, error) {
	if in.TransactionId != nil {
		return nil, invalid("TransactionId is not supported")
	}
	if _, err := s.store.Database(ctx, aws.ToString(in.DatabaseName)); err != nil {
		return nil, apiError(err)
	}
	out := &glue.BatchDeleteTableOutput{}
	for _, name := range in.TablesToDelete {
		err := s.store.DropTable(ctx, aws.ToString(in.DatabaseName), name, false)
		detail, err := errorDetail(err)
		if err != nil {
			return nil, err
		}
		if detail != nil {
			out.Errors = append(out.Errors, types.TableError{TableName: &name, ErrorDetail: detail})
		}
	}
	return out, nil
}

// errorDetail makes the part of a batch's answer for one item's failure. A
// failure that is not the item's fails the call.
func errorDetail(err error) (*types.ErrorDetail, error) {
	if err == nil {
		return nil, nil
	}
	var e *awsapi.Error
	if !errors.As(apiError(err), &e) {
		return nil, err
	}
	return &types.ErrorDetail{ErrorCode: &e.Code, ErrorMessage: &e.Message}, nil
}

// GetTable returns a table or view.
func (s *Service) GetTable(ctx context.Context, in *glue.GetTableInput) (*glue.GetTableOutput, error) {
	if in.QueryAsOfTime != nil || in.TransactionId != nil {
		return nil, invalid("QueryAsOfTime and TransactionId are not supported")
	}
	t, err := s.store.Table(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.Name))
	if err != nil {
		return nil, apiError(err)
	}
	shape := withAttributes(tableShape(ctx, t), in.AttributesToGet)
	return &glue.GetTableOutput{Table: &shape}, nil
}

// GetTables returns a page of the tables and views of a database by name.
func (s *Service) GetTables(ctx context.Context, in *glue.GetTablesInput) (*glue.GetTablesOutput, error) {
	if in.QueryAsOfTime != nil || in.TransactionId != nil {
		return nil, invalid("QueryAsOfTime and TransactionId are not supported")
	}
	match, err := nameMatcher(aws.ToString(in.Expression))
	if err != nil {
		return nil, err
	}
	all, err := s.store.Tables(ctx, aws.ToString(in.DatabaseName))
	if err != nil {
		return nil, apiError(err)
	}
	var matching []*catalog.Table
	for _, t := range all {
		if match(t.Name) {
			matching = append(matching, t)
		}
	}
	page, next, err := namedPage(matching, func(t *catalog.Table) string { return t.Name }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &glue.GetTablesOutput{TableList: make([]types.Table, 0, len(page)), NextToken: next}
	for _, t := range page {
		out.TableList = append(out.TableList, withAttributes(tableShape(ctx, t), in.AttributesToGet))
	}
	return out, nil
}

// withAttributes cuts a table to what was asked for.
func withAttributes(t types.Table, asked []types.TableAttributes) types.Table {
	if len(asked) == 0 {
		return t
	}
	cut := types.Table{Name: t.Name, DatabaseName: t.DatabaseName}
	for _, a := range asked {
		if a == types.TableAttributesTableType {
			cut.TableType = t.TableType
		}
	}
	return cut
}

// nameMatcher reads the Expression of GetTables.
func nameMatcher(expression string) (func(string) bool, error) {
	if len(expression) > maxExpression {
		return nil, invalid("Expression has more than %d characters", maxExpression)
	}
	match, err := catalog.NamePattern(expression)
	return match, apiError(err)
}
