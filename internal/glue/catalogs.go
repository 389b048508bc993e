package glue

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// allPrincipals is how Lake Formation says that IAM alone decides, which is what
// new databases and tables have where nobody says otherwise.
var allPrincipals = []types.PrincipalPermissions{{
	Principal:   &types.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String("IAM_ALLOWED_PRINCIPALS")},
	Permissions: []types.Permission{types.PermissionAll},
}}

func permissionsOf(in []types.PrincipalPermissions) []catalog.Permissions {
	if in == nil {
		return nil
	}
	out := make([]catalog.Permissions, len(in)) // an empty list says: to nobody
	for i, p := range in {
		if p.Principal != nil {
			out[i].Principal = aws.ToString(p.Principal.DataLakePrincipalIdentifier)
		}
		for _, permission := range p.Permissions {
			out[i].Permissions = append(out[i].Permissions, string(permission))
		}
	}
	return out
}

func permissionShapes(in []catalog.Permissions) []types.PrincipalPermissions {
	if in == nil {
		return allPrincipals
	}
	out := make([]types.PrincipalPermissions, len(in))
	for i, p := range in {
		out[i].Principal = &types.DataLakePrincipal{DataLakePrincipalIdentifier: &p.Principal}
		for _, permission := range p.Permissions {
			out[i].Permissions = append(out[i].Permissions, types.Permission(permission))
		}
	}
	return out
}

// account is the catalog of the account, the only one there is.
func account(ctx context.Context) types.Catalog {
	r := awsapi.RequestFrom(ctx)
	return types.Catalog{
		CatalogId:                        &r.AccountID,
		Name:                             &r.AccountID,
		ResourceArn:                      aws.String(r.ARN("glue", "catalog")),
		Parameters:                       map[string]string{},
		CreateDatabaseDefaultPermissions: allPrincipals,
		CreateTableDefaultPermissions:    allPrincipals,
	}
}

// GetCatalog returns the catalog of the account.
func (s *Service) GetCatalog(ctx context.Context, _ *glue.GetCatalogInput) (*glue.GetCatalogOutput, error) {
	c := account(ctx)
	return &glue.GetCatalogOutput{Catalog: &c}, nil
}

// GetCatalogs returns the catalogs below that of the account, of which there are
// none, and with IncludeRoot that one too.
func (s *Service) GetCatalogs(ctx context.Context, in *glue.GetCatalogsInput) (*glue.GetCatalogsOutput, error) {
	out := &glue.GetCatalogsOutput{CatalogList: []types.Catalog{}}
	if aws.ToBool(in.IncludeRoot) && in.ParentCatalogId == nil {
		out.CatalogList = append(out.CatalogList, account(ctx))
	}
	return out, nil
}

// GetCatalogImportStatus says that no older catalog of Athena waits to be
// imported: there never was one.
func (s *Service) GetCatalogImportStatus(context.Context, *glue.GetCatalogImportStatusInput) (*glue.GetCatalogImportStatusOutput, error) {
	return &glue.GetCatalogImportStatusOutput{ImportStatus: &types.CatalogImportStatus{ImportCompleted: true}}, nil
}

// ImportCatalogToGlue imports the older catalog of Athena, in which there is
// nothing.
func (s *Service) ImportCatalogToGlue(context.Context, *glue.ImportCatalogToGlueInput) (*glue.ImportCatalogToGlueOutput, error) {
	return &glue.ImportCatalogToGlueOutput{}, nil
}

// GetDataCatalogEncryptionSettings says that the catalog is not encrypted.
func (s *Service) GetDataCatalogEncryptionSettings(context.Context, *glue.GetDataCatalogEncryptionSettingsInput) (*glue.GetDataCatalogEncryptionSettingsOutput, error) {
	return &glue.GetDataCatalogEncryptionSettingsOutput{DataCatalogEncryptionSettings: &types.DataCatalogEncryptionSettings{
		EncryptionAtRest:             &types.EncryptionAtRest{CatalogEncryptionMode: types.CatalogEncryptionModeDisabled},
		ConnectionPasswordEncryption: &types.ConnectionPasswordEncryption{ReturnConnectionPasswordEncrypted: false},
	}}, nil
}

// PutDataCatalogEncryptionSettings takes the settings that are in force, and
// refuses encryption.
func (s *Service) PutDataCatalogEncryptionSettings(_ context.Context, in *glue.PutDataCatalogEncryptionSettingsInput) (*glue.PutDataCatalogEncryptionSettingsOutput, error) {
	want := in.DataCatalogEncryptionSettings
	if want != nil {
		if e := want.EncryptionAtRest; e != nil && e.CatalogEncryptionMode != types.CatalogEncryptionModeDisabled {
			return nil, invalid("CatalogEncryptionMode %s is not supported", e.CatalogEncryptionMode)
		}
		if e := want.ConnectionPasswordEncryption; e != nil && e.ReturnConnectionPasswordEncrypted {
			return nil, invalid("ReturnConnectionPasswordEncrypted is not supported")
		}
	}
	return &glue.PutDataCatalogEncryptionSettingsOutput{}, nil
}
