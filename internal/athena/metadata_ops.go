package athena

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// dataCatalog is the name of the one data catalog.
const dataCatalog = "AwsDataCatalog"

func checkCatalog(name *string) error {
	if catalogNames[strings.ToLower(aws.ToString(name))] {
		return nil
	}
	return &awsapi.Error{Code: exceptionMetadata, Message: "Data catalog " + aws.ToString(name) + " was not found"}
}

// ListDataCatalogs follows API_ListDataCatalogs.
func (s *Service) ListDataCatalogs(context.Context, *athena.ListDataCatalogsInput) (*athena.ListDataCatalogsOutput, error) {
	return &athena.ListDataCatalogsOutput{DataCatalogsSummary: []api.DataCatalogSummary{
		{CatalogName: aws.String(dataCatalog), Type: api.DataCatalogTypeGlue},
	}}, nil
}

// GetDataCatalog follows API_GetDataCatalog.
func (s *Service) GetDataCatalog(ctx context.Context, in *athena.GetDataCatalogInput) (*athena.GetDataCatalogOutput, error) {
	if !catalogNames[strings.ToLower(aws.ToString(in.Name))] {
		return nil, invalid(codeInvalidInput, "Data catalog %s was not found", aws.ToString(in.Name))
	}
	return &athena.GetDataCatalogOutput{DataCatalog: &api.DataCatalog{
		Name: aws.String(dataCatalog), Type: api.DataCatalogTypeGlue,
		Parameters: map[string]string{"catalog-id": awsapi.RequestFrom(ctx).AccountID},
	}}, nil
}

// ListEngineVersions follows API_ListEngineVersions.
func (s *Service) ListEngineVersions(context.Context, *athena.ListEngineVersionsInput) (*athena.ListEngineVersionsOutput, error) {
	return &athena.ListEngineVersionsOutput{EngineVersions: []api.EngineVersion{*engineVersion()}}, nil
}

// ListDatabases follows API_ListDatabases.
func (s *Service) ListDatabases(ctx context.Context, in *athena.ListDatabasesInput) (*athena.ListDatabasesOutput, error) {
	if err := checkCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	all, err := s.cfg.Catalog.Databases(ctx)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]catalog.Database, len(all))
	names := make([]string, len(all))
	for i, d := range all {
		names[i], byName[d.Name] = d.Name, d
	}
	page, next, err := pageByName(names, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &athena.ListDatabasesOutput{DatabaseList: []api.Database{}, NextToken: next}
	for _, name := range page {
		out.DatabaseList = append(out.DatabaseList, *databaseShape(byName[name]))
	}
	return out, nil
}

// GetDatabase follows API_GetDatabase.
func (s *Service) GetDatabase(ctx context.Context, in *athena.GetDatabaseInput) (*athena.GetDatabaseOutput, error) {
	if err := checkCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	d, err := s.cfg.Catalog.Database(ctx, strings.ToLower(aws.ToString(in.DatabaseName)))
	if err != nil {
		return nil, metadataError(err)
	}
	return &athena.GetDatabaseOutput{Database: databaseShape(d)}, nil
}

func databaseShape(d catalog.Database) *api.Database {
	out := &api.Database{Name: aws.String(d.Name), Parameters: d.Parameters}
	if d.Description != "" {
		out.Description = aws.String(d.Description)
	}
	return out
}

// ListTableMetadata follows API_ListTableMetadata; Expression is a regular
// expression on the table name.
func (s *Service) ListTableMetadata(ctx context.Context, in *athena.ListTableMetadataInput) (*athena.ListTableMetadataOutput, error) {
	if err := checkCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	match, err := regexp.Compile("(?i)^(?:" + aws.ToString(in.Expression) + ")$")
	if err != nil {
		return nil, invalid(codeInvalidInput, "Expression is not a regular expression: %v", err)
	}
	database := strings.ToLower(aws.ToString(in.DatabaseName))
	if _, err := s.cfg.Catalog.Database(ctx, database); err != nil {
		return nil, metadataError(err)
	}
	all, err := s.cfg.Catalog.Tables(ctx, database)
	if err != nil {
		return nil, metadataError(err)
	}
	byName := map[string]*catalog.Table{}
	var names []string
	for _, t := range all {
		if in.Expression == nil || match.MatchString(t.Name) {
			names, byName[t.Name] = append(names, t.Name), t
		}
	}
	page, next, err := pageByName(names, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &athena.ListTableMetadataOutput{TableMetadataList: []api.TableMetadata{}, NextToken: next}
	for _, name := range page {
		out.TableMetadataList = append(out.TableMetadataList, *tableShape(byName[name]))
	}
	return out, nil
}

// GetTableMetadata follows API_GetTableMetadata.
func (s *Service) GetTableMetadata(ctx context.Context, in *athena.GetTableMetadataInput) (*athena.GetTableMetadataOutput, error) {
	if err := checkCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	t, err := s.cfg.Catalog.Table(ctx, strings.ToLower(aws.ToString(in.DatabaseName)), strings.ToLower(aws.ToString(in.TableName)))
	if err != nil {
		return nil, metadataError(err)
	}
	return &athena.GetTableMetadataOutput{TableMetadata: tableShape(t)}, nil
}

// tableShape renders a table with the parameters that PyAthena's SQLAlchemy
// dialect reads: location, formats and SerDe beside the table's own.
func tableShape(t *catalog.Table) *api.TableMetadata {
	parameters := map[string]string{}
	for k, v := range t.Parameters {
		parameters[k] = v
	}
	for k, v := range t.SerDe.Parameters {
		parameters["serde.param."+k] = v
	}
	for k, v := range map[string]string{
		"location": t.Location, "inputformat": t.InputFormat, "outputformat": t.OutputFormat,
		"serde.serialization.lib": t.SerDe.Library,
	} {
		if v != "" {
			parameters[k] = v
		}
	}
	return &api.TableMetadata{
		Name: aws.String(t.Name), TableType: aws.String(t.Type), CreateTime: aws.Time(t.CreateTime),
		Columns: columnShapes(t.Columns), PartitionKeys: columnShapes(t.PartitionKeys), Parameters: parameters,
	}
}

func columnShapes(columns []catalog.Column) []api.Column {
	out := make([]api.Column, len(columns))
	for i, c := range columns {
		out[i] = api.Column{Name: aws.String(c.Name), Type: aws.String(c.Type)}
		if c.Comment != "" {
			out[i].Comment = aws.String(c.Comment)
		}
	}
	return out
}
