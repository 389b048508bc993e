package glue

import (
	"context"
	"errors"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

const (
	maxExpression   = 2048 // characters of an Expression
	maxDeleteTables = 100
)

// CreateTable makes a table or view.
func (s *Service) CreateTable(ctx context.Context, in *glue.CreateTableInput) (*glue.CreateTableOutput, error) {
	switch {
	case in.OpenTableFormatInput != nil:
		return nil, invalid("OpenTableFormatInput is not supported")
	case len(in.PartitionIndexes) > 0:
		return nil, invalid("PartitionIndexes are not supported")
	case in.TransactionId != nil:
		return nil, invalid("TransactionId is not supported")
	}
	t, err := tableOf(in.DatabaseName, in.TableInput)
	if err != nil {
		return nil, err
	}
	return &glue.CreateTableOutput{}, apiError(s.store.CreateTable(ctx, t, false))
}

// UpdateTable replaces a table's definition. With VersionId it does so only
// where that is still the version (ConcurrentModificationException otherwise),
// which is how Iceberg commits. No old versions are kept: SkipArchive makes no
// difference.
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
		return nil, invalid("A table cannot be renamed (%s to %s)", *in.Name, t.Name)
	}
	for {
		old, err := s.store.Table(ctx, t.Database, t.Name)
		if err != nil {
			return nil, apiError(err)
		}
		t.Version = old.Version
		if in.VersionId != nil && *in.VersionId != strconv.FormatInt(old.Version, 10) {
			return nil, awsapi.Errorf(codeConflict, "Table %s is at version %d, not %s.", t.Name, old.Version, *in.VersionId)
		}
		err = s.store.UpdateTable(ctx, t)
		if errors.Is(err, catalog.ErrConflict) && in.VersionId == nil {
			continue // changed in between: the last writer wins, as in Glue
		}
		return &glue.UpdateTableOutput{}, apiError(err)
	}
}

// DeleteTable removes a table or view. Objects stay.
func (s *Service) DeleteTable(ctx context.Context, in *glue.DeleteTableInput) (*glue.DeleteTableOutput, error) {
	return &glue.DeleteTableOutput{}, apiError(s.store.DropTable(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.Name), false))
}

// BatchDeleteTable removes tables and says which it could not.
func (s *Service) BatchDeleteTable(ctx context.Context, in *glue.BatchDeleteTableInput) (*glue.BatchDeleteTableOutput, error) {
	if len(in.TablesToDelete) > maxDeleteTables {
		return nil, invalid("At most %d tables can be deleted at once", maxDeleteTables)
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
	shape := tableShape(ctx, t)
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
