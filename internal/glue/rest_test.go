package glue

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
)

func TestFunctions(t *testing.T) {
	s, _, ctx := withOrders(t)
	input := func(name string) *types.UserDefinedFunctionInput {
		return &types.UserDefinedFunctionInput{FunctionName: &name, ClassName: aws.String("com.example.F"), OwnerName: aws.String("me"), OwnerType: types.PrincipalTypeUser,
			ResourceUris: []types.ResourceUri{{ResourceType: types.ResourceTypeJar, Uri: aws.String("s3://code/f.jar")}}}
	}
	create := func(database, name string) error {
		_, err := s.CreateUserDefinedFunction(ctx, &glue.CreateUserDefinedFunctionInput{DatabaseName: &database, FunctionInput: input(name)})
		return err
	}
	for _, name := range []string{"Trim", "trino__a", "trino__b"} {
		require.NoError(t, create("shop", name))
	}
	requireCode(t, codeAlreadyExists, create("shop", "trim"))
	requireCode(t, codeNotFound, create("lost", "trim"))
	got, err := s.GetUserDefinedFunction(ctx, &glue.GetUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("TRIM")})
	require.NoError(t, err)
	require.Equal(t, "trim", *got.UserDefinedFunction.FunctionName)
	require.Equal(t, "com.example.F", *got.UserDefinedFunction.ClassName)
	require.Equal(t, input("").ResourceUris, got.UserDefinedFunction.ResourceUris)
	require.NotNil(t, got.UserDefinedFunction.CreateTime)

	changed := input("trim")
	changed.ClassName = aws.String("com.example.G")
	_, err = s.UpdateUserDefinedFunction(ctx, &glue.UpdateUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("trim"), FunctionInput: changed})
	require.NoError(t, err)
	after, err := s.GetUserDefinedFunction(ctx, &glue.GetUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("trim")})
	require.NoError(t, err)
	require.Equal(t, "com.example.G", *after.UserDefinedFunction.ClassName)
	require.Equal(t, got.UserDefinedFunction.CreateTime, after.UserDefinedFunction.CreateTime)
	_, err = s.UpdateUserDefinedFunction(ctx, &glue.UpdateUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("trim"), FunctionInput: input("other")})
	requireCode(t, codeInvalidInput, err)
	_, err = s.UpdateUserDefinedFunction(ctx, &glue.UpdateUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("lost"), FunctionInput: input("lost")})
	requireCode(t, codeNotFound, err)

	for _, c := range []struct {
		database *string
		pattern  string
		want     []string
	}{{shop, "trino__.*", []string{"trino__a", "trino__b"}}, {nil, "*", []string{"trim", "trino__a", "trino__b"}}, {shop, "x", nil}} {
		var names []string
		for next := (*string)(nil); ; {
			page, err := s.GetUserDefinedFunctions(ctx, &glue.GetUserDefinedFunctionsInput{DatabaseName: c.database, Pattern: &c.pattern, MaxResults: aws.Int32(1), NextToken: next})
			require.NoError(t, err)
			for _, f := range page.UserDefinedFunctions {
				names = append(names, *f.FunctionName)
			}
			if next = page.NextToken; next == nil {
				break
			}
		}
		require.Equal(t, c.want, names)
	}
	drop := func() error {
		_, err := s.DeleteUserDefinedFunction(ctx, &glue.DeleteUserDefinedFunctionInput{DatabaseName: shop, FunctionName: aws.String("trim")})
		return err
	}
	require.NoError(t, drop())
	requireCode(t, codeNotFound, drop())
	// A database takes its functions along.
	_, err = s.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: shop})
	require.NoError(t, err)
	all, err := s.GetUserDefinedFunctions(ctx, &glue.GetUserDefinedFunctionsInput{Pattern: aws.String("*")})
	require.NoError(t, err)
	require.Empty(t, all.UserDefinedFunctions)
}

func TestTags(t *testing.T) {
	s, _, ctx := open(t)
	_, err := s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("Shop")}, Tags: map[string]string{"team": "sales", "old": "x"}})
	require.NoError(t, err)
	name := "arn:aws:glue:us-east-1:000000000000:database/shop"
	tags := func(arn string) (map[string]string, error) {
		out, err := s.GetTags(ctx, &glue.GetTagsInput{ResourceArn: &arn})
		if err != nil {
			return nil, err
		}
		return out.Tags, nil
	}
	_, err = s.TagResource(ctx, &glue.TagResourceInput{ResourceArn: &name, TagsToAdd: map[string]string{"team": "data", "env": "test"}})
	require.NoError(t, err)
	_, err = s.UntagResource(ctx, &glue.UntagResourceInput{ResourceArn: &name, TagsToRemove: []string{"old", "lost"}})
	require.NoError(t, err)
	got, err := tags(name)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"team": "data", "env": "test"}, got)
	for arn, code := range map[string]string{
		"arn:aws:glue:us-east-1:000000000000:database/lost": codeNotFound,
		"arn:aws:glue:us-east-1:000000000000:table/shop/x":  codeInvalidInput,
		"arn:aws:sqs:us-east-1:000000000000:database/shop":  codeInvalidInput,
		"shop": codeInvalidInput,
	} {
		_, err := tags(arn)
		requireCode(t, code, err)
	}
	many := map[string]string{}
	for i := range 49 {
		many[fmt.Sprint(i)] = ""
	}
	for _, bad := range []map[string]string{many, {"": "x"}, {"aws:x": "y"}, {"x": strings.Repeat("v", 257)}} {
		_, err = s.TagResource(ctx, &glue.TagResourceInput{ResourceArn: &name, TagsToAdd: bad})
		requireCode(t, codeInvalidInput, err)
	}
	// A database of the same name has none of them.
	_, err = s.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: shop})
	require.NoError(t, err)
	_, err = s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: shop}})
	require.NoError(t, err)
	got, err = tags(name)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestPolicies(t *testing.T) {
	s, _, ctx := open(t)
	put := func(text string, exists types.ExistCondition, hash *string) (*glue.PutResourcePolicyOutput, error) {
		return s.PutResourcePolicy(ctx, &glue.PutResourcePolicyInput{PolicyInJson: &text, PolicyExistsCondition: exists, PolicyHashCondition: hash})
	}
	_, err := s.GetResourcePolicy(ctx, &glue.GetResourcePolicyInput{})
	requireCode(t, codeNotFound, err)
	_, err = put(`{`, "", nil)
	requireCode(t, codeInvalidInput, err)
	_, err = put(`{}`, types.ExistConditionMustExist, nil)
	requireCode(t, codeCondition, err)
	first, err := put(`{"a":1}`, types.ExistConditionNotExist, nil)
	require.NoError(t, err)
	_, err = put(`{}`, types.ExistConditionNotExist, nil)
	requireCode(t, codeCondition, err)
	second, err := put(`{"a":2}`, types.ExistConditionMustExist, first.PolicyHash)
	require.NoError(t, err)
	_, err = put(`{}`, "", first.PolicyHash)
	requireCode(t, codeCondition, err)
	got, err := s.GetResourcePolicy(ctx, &glue.GetResourcePolicyInput{})
	require.NoError(t, err)
	require.Equal(t, `{"a":2}`, *got.PolicyInJson)
	require.Equal(t, *second.PolicyHash, *got.PolicyHash)
	all, err := s.GetResourcePolicies(ctx, &glue.GetResourcePoliciesInput{})
	require.NoError(t, err)
	require.Len(t, all.GetResourcePoliciesResponseList, 1)
	_, err = s.DeleteResourcePolicy(ctx, &glue.DeleteResourcePolicyInput{PolicyHashCondition: first.PolicyHash})
	requireCode(t, codeCondition, err)
	_, err = s.DeleteResourcePolicy(ctx, &glue.DeleteResourcePolicyInput{})
	require.NoError(t, err)
	_, err = s.DeleteResourcePolicy(ctx, &glue.DeleteResourcePolicyInput{})
	requireCode(t, codeNotFound, err)
}

func TestSearchTables(t *testing.T) {
	s, _, ctx := withOrders(t)
	_, err := s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("lake")}})
	require.NoError(t, err)
	for _, name := range []string{"customer-link", "xxlinkyy", "returns"} {
		in := tableInput(name)
		in.Parameters = map[string]string{"classification": "csv", "note": "Returned goods"}
		_, err := s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("lake"), TableInput: in})
		require.NoError(t, err)
	}
	filter := func(pairs ...string) (out []types.PropertyPredicate) {
		for i := 0; i < len(pairs); i += 3 {
			out = append(out, types.PropertyPredicate{Key: &pairs[i], Comparator: types.Comparator(pairs[i+1]), Value: &pairs[i+2]})
		}
		return out
	}
	search := func(in glue.SearchTablesInput) (names []string) {
		in.MaxResults = aws.Int32(2)
		for {
			page, err := s.SearchTables(ctx, &in)
			require.NoError(t, err)
			for _, table := range page.TableList {
				names = append(names, *table.Name)
			}
			if in.NextToken = page.NextToken; in.NextToken == nil {
				return names
			}
		}
	}
	by := func(field string, sort types.Sort) []types.SortCriterion {
		return []types.SortCriterion{{FieldName: &field, Sort: sort}}
	}
	for _, c := range []struct {
		in   glue.SearchTablesInput
		want []string
	}{
		{glue.SearchTablesInput{}, []string{"customer-link", "returns", "xxlinkyy", "orders"}},
		{glue.SearchTablesInput{SearchText: aws.String("LINK")}, []string{"customer-link", "xxlinkyy"}},
		{glue.SearchTablesInput{SearchText: aws.String(`"returns"`)}, []string{"returns"}},
		{glue.SearchTablesInput{SearchText: aws.String("goods")}, []string{"customer-link", "returns", "xxlinkyy"}},
		{glue.SearchTablesInput{Filters: filter("Name", "", "link")}, []string{"customer-link"}},
		{glue.SearchTablesInput{Filters: filter("DatabaseName", "", "shop")}, []string{"orders"}},
		{glue.SearchTablesInput{Filters: filter("classification", "", "json")}, []string{"orders"}},
		{glue.SearchTablesInput{Filters: filter("CreateTime", "GREATER_THAN", "2020-01-01T00:00:00Z", "Name", "", "orders")}, []string{"orders"}},
		{glue.SearchTablesInput{Filters: filter("CreateTime", "LESS_THAN", "1577836800")}, nil},
		{glue.SearchTablesInput{SortCriteria: by("Name", types.SortDescending)}, []string{"xxlinkyy", "returns", "orders", "customer-link"}},
		{glue.SearchTablesInput{SortCriteria: by("CreateTime", types.SortAscending)}, []string{"orders", "customer-link", "xxlinkyy", "returns"}},
		{glue.SearchTablesInput{ResourceShareType: types.ResourceShareTypeForeign}, nil},
	} {
		require.Equal(t, c.want, search(c.in), "%+v", c.in)
	}
	for _, in := range []glue.SearchTablesInput{
		{SortCriteria: by("Colour", types.SortAscending)}, {Filters: filter("UpdateTime", "", "2020-01-01T00:00:00Z")}, {Filters: filter("UpdateTime", "EQUALS", "soon")}, {NextToken: aws.String("!")},
	} {
		_, err := s.SearchTables(ctx, &in)
		requireCode(t, codeInvalidInput, err)
	}
}

func TestWhatClientsAskAtStart(t *testing.T) {
	s, _, ctx := open(t)
	c, err := s.GetCatalog(ctx, &glue.GetCatalogInput{CatalogId: aws.String("000000000000")})
	require.NoError(t, err)
	require.Equal(t, "000000000000", *c.Catalog.CatalogId)
	none, err := s.GetCatalogs(ctx, &glue.GetCatalogsInput{})
	require.NoError(t, err)
	require.Empty(t, none.CatalogList)
	root, err := s.GetCatalogs(ctx, &glue.GetCatalogsInput{IncludeRoot: aws.Bool(true)})
	require.NoError(t, err)
	require.Len(t, root.CatalogList, 1)
	imported, err := s.GetCatalogImportStatus(ctx, nil)
	require.NoError(t, err)
	require.True(t, imported.ImportStatus.ImportCompleted)
	have, err := s.GetDataCatalogEncryptionSettings(ctx, nil)
	require.NoError(t, err)
	_, err = s.PutDataCatalogEncryptionSettings(ctx, &glue.PutDataCatalogEncryptionSettingsInput{DataCatalogEncryptionSettings: have.DataCatalogEncryptionSettings})
	require.NoError(t, err)
	_, err = s.PutDataCatalogEncryptionSettings(ctx, &glue.PutDataCatalogEncryptionSettingsInput{DataCatalogEncryptionSettings: &types.DataCatalogEncryptionSettings{EncryptionAtRest: &types.EncryptionAtRest{CatalogEncryptionMode: types.CatalogEncryptionModeSsekms}}})
	requireCode(t, codeInvalidInput, err)
}

func TestDatabasesComeBackAsTheyWere(t *testing.T) {
	s, _, ctx := open(t)
	in := types.DatabaseInput{Name: aws.String("shop"), Description: aws.String("d"), LocationUri: aws.String("s3://lake/shop/"), Parameters: map[string]string{"k": "v"}}
	get := func() types.Database {
		got, err := s.GetDatabase(ctx, &glue.GetDatabaseInput{Name: shop})
		require.NoError(t, err)
		return *got.Database
	}
	_, err := s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &in})
	require.NoError(t, err)
	got := get()
	require.Equal(t, in.LocationUri, got.LocationUri)
	require.Equal(t, in.Parameters, got.Parameters)
	require.Equal(t, allPrincipals, got.CreateTableDefaultPermissions)
	for _, permissions := range [][]types.PrincipalPermissions{{}, {{Principal: &types.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String("x")}, Permissions: []types.Permission{types.PermissionSelect}}}} {
		in.CreateTableDefaultPermissions = permissions
		_, err = s.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: shop, DatabaseInput: &in})
		require.NoError(t, err)
		require.Equal(t, permissions, get().CreateTableDefaultPermissions)
	}
	in.Name = aws.String("other")
	_, err = s.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: shop, DatabaseInput: &in})
	requireCode(t, codeInvalidInput, err)
	require.ErrorContains(t, err, "Database cannot be renamed")
	for _, in := range []types.DatabaseInput{{Name: shop, TargetDatabase: &types.DatabaseIdentifier{}}, {Name: shop, FederatedDatabase: &types.FederatedDatabase{}}} {
		_, err = s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &in})
		requireCode(t, codeInvalidInput, err)
		require.ErrorContains(t, err, "is not supported")
	}
}

func TestPartitionsComeBackAsTheyWere(t *testing.T) {
	s, store, ctx := withOrders(t)
	in := partitionInput("2021", "01")
	in.LastAccessTime, in.Parameters = &analyzed, map[string]string{"numRows": "5"}
	sd := in.StorageDescriptor
	sd.Columns = []types.Column{{Name: aws.String("older"), Type: aws.String("int")}}
	sd.OutputFormat, sd.Parameters, sd.BucketColumns, sd.NumberOfBuckets = aws.String("out"), map[string]string{"k": "v"}, []string{"id"}, 4
	sd.SortColumns = []types.Order{{Column: aws.String("id"), SortOrder: 1}}
	sd.SkewedInfo = &types.SkewedInfo{SkewedColumnNames: []string{"id"}, SkewedColumnValues: []string{"1"}, SkewedColumnValueLocationMaps: map[string]string{"1": "s3://x/"}}
	_, err := s.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &in})
	require.NoError(t, err)
	got, err := s.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: in.Values})
	require.NoError(t, err)
	require.Equal(t, analyzed, *got.Partition.LastAccessTime)
	require.Nil(t, got.Partition.LastAnalyzedTime)
	require.Equal(t, sd, got.Partition.StorageDescriptor)

	// One that is as its table stores no descriptor and shows the table's.
	same := partitionInput("2021", "02")
	same.StorageDescriptor = tableInput("").StorageDescriptor
	same.StorageDescriptor.Location = aws.String("s3://lake/02/")
	_, err = s.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &same})
	require.NoError(t, err)
	kept, err := store.Partition(ctx, "shop", "orders", same.Values)
	require.NoError(t, err)
	require.Nil(t, kept.Details)
	got, err = s.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: shop, TableName: orders, PartitionValues: same.Values})
	require.NoError(t, err)
	require.Equal(t, "org.openx.data.jsonserde.JsonSerDe", *got.Partition.StorageDescriptor.SerdeInfo.SerializationLibrary)
	require.Len(t, got.Partition.StorageDescriptor.Columns, 1)
}

// TestTablesComeBackAsTheyWere: what a table's writer left out is left out.
func TestTablesComeBackAsTheyWere(t *testing.T) {
	s, _, ctx := withOrders(t)
	for name, in := range map[string]*types.TableInput{
		"plain": {StorageDescriptor: &types.StorageDescriptor{Location: aws.String("s3://x/")}},
		"full":  {TableType: aws.String("EXTERNAL_TABLE"), StorageDescriptor: tableInput("").StorageDescriptor},
	} {
		in.Name = &name
		_, err := s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: shop, TableInput: in})
		require.NoError(t, err)
		out, err := s.GetTable(ctx, &glue.GetTableInput{DatabaseName: shop, Name: &name})
		require.NoError(t, err)
		got := out.Table
		require.Equal(t, in.TableType, got.TableType)
		require.Equal(t, in.StorageDescriptor.SerdeInfo == nil, got.StorageDescriptor.SerdeInfo == nil)
	}
}

// TestConstraints calls operations as the gateway does.
func TestConstraints(t *testing.T) {
	s, _, ctx := withOrders(t)
	call := func(name string, in any) error {
		for _, op := range s.API().Operations {
			if op.Name == name {
				_, err := op.Call(ctx, in)
				return err
			}
		}
		return context.Canceled
	}
	long := strings.Repeat("x", 256)
	for _, c := range []struct {
		name    string
		in      any
		code    string
		message string
	}{
		{"GetTable", &glue.GetTableInput{}, codeValidation, "2 validation errors detected: Value null at 'databaseName' failed to satisfy constraint: Member must not be null; Value null at 'name' failed"},
		{"GetTable", &glue.GetTableInput{DatabaseName: shop, Name: &long}, codeValidation, "1 validation error detected: Value '" + long + "' at 'name' failed to satisfy constraint: Member must have length less than or equal to 255"},
		{"GetTable", &glue.GetTableInput{DatabaseName: shop, Name: aws.String("")}, codeValidation, "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"GetTable", &glue.GetTableInput{DatabaseName: shop, Name: aws.String("a\nb")}, codeValidation, "Member must satisfy regular expression pattern"},
		{"GetTable", &glue.GetTableInput{DatabaseName: shop, Name: orders, CatalogId: aws.String("s3tablescatalog/b")}, codeNotFound, "Catalog s3tablescatalog/b not found."},
		{"CreateTable", &glue.CreateTableInput{DatabaseName: shop}, codeValidation, "Value null at 'tableInput'"},
		{"CreateTable", &glue.CreateTableInput{DatabaseName: shop, TableInput: &types.TableInput{Name: aws.String("t"), StorageDescriptor: &types.StorageDescriptor{Columns: []types.Column{{Name: aws.String("a"), Comment: &long}}}}}, codeValidation, "at 'tableInput.storageDescriptor.columns.1.member.comment' failed"},
		{"CreateTable", &glue.CreateTableInput{DatabaseName: shop, TableInput: &types.TableInput{Name: aws.String("t"), Parameters: map[string]string{long: ""}}}, codeValidation, "at 'tableInput.parameters' failed"},
		{"BatchDeletePartition", &glue.BatchDeletePartitionInput{DatabaseName: shop, TableName: orders, PartitionsToDelete: make([]types.PartitionValueList, 26)}, codeValidation, "Member must have length less than or equal to 25"},
		{"BatchUpdatePartition", &glue.BatchUpdatePartitionInput{DatabaseName: shop, TableName: orders, Entries: []types.BatchUpdatePartitionRequestEntry{}}, codeValidation, "at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"GetPartitions", &glue.GetPartitionsInput{DatabaseName: shop, TableName: orders, Expression: aws.String(strings.Repeat("(", 2049))}, codeValidation, "at 'expression'"},
	} {
		err := call(c.name, c.in)
		requireCode(t, c.code, err)
		require.ErrorContains(t, err, c.message)
	}
	require.NoError(t, call("GetTable", &glue.GetTableInput{DatabaseName: shop, Name: orders, CatalogId: aws.String("123456789012")}))
}
