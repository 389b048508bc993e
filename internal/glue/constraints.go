package glue

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/scopsdb/scops/internal/awsapi"
)

// codeValidation is the code of requests that Glue's model forbids; what the
// catalog forbids is InvalidInputException.
const codeValidation = "ValidationException"

// extent is how long a text (in bytes), list or map may be.
type extent struct{ least, most int }

// extents are the lengths of Glue's model by the names of fields, which mean the
// same in all its operations
// (https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html and the
// like).
var extents = map[string]extent{
	"Name": {1, 255}, "DatabaseName": {1, 255}, "TableName": {1, 255}, "CatalogId": {1, 255}, "VersionId": {1, 255},
	"IndexName": {1, 255}, "FunctionName": {1, 255}, "ClassName": {1, 255}, "OwnerName": {1, 255}, "Owner": {1, 255},
	"ColumnName": {1, 255}, "SerializationLibrary": {1, 255}, "Description": {0, 2048}, "Comment": {0, 255},
	"Type": {0, 131072}, "ColumnType": {0, 20000}, "TableType": {0, 255}, "ViewOriginalText": {0, 409600}, "ViewExpandedText": {0, 409600},
	"Location": {0, 2056}, "LocationUri": {1, 1024}, "Uri": {1, 1024}, "InputFormat": {0, 128}, "OutputFormat": {0, 128},
	"Expression": {0, maxExpression}, "SearchText": {0, 1024}, "Pattern": {1, 255},
	"PartitionInputList": {0, 100}, "PartitionsToDelete": {0, 25}, "PartitionsToGet": {0, 1000}, "TablesToDelete": {0, 100},
	"VersionIds": {0, 100}, "ColumnNames": {0, 100}, "ColumnStatisticsList": {0, 25}, "PartitionIndexes": {0, 3},
	"SortCriteria": {0, 1}, "ResourceUris": {0, 1000}, "TagsToAdd": {0, 50}, "TagsToRemove": {0, 50},
	"BatchUpdatePartitionInput.Entries": {1, 100}, "PartitionIndex.Keys": {1, 255},
}

// required are the fields without which an operation means nothing, by type.
var required = map[string][]string{
	"CreateDatabaseInput": {"DatabaseInput"}, "UpdateDatabaseInput": {"Name", "DatabaseInput"}, "DeleteDatabaseInput": {"Name"},
	"GetDatabaseInput": {"Name"}, "DatabaseInput": {"Name"}, "TableInput": {"Name"}, "Column": {"Name"},
	"CreateTableInput": {"DatabaseName"}, "UpdateTableInput": {"DatabaseName"},
	"DeleteTableInput": {"DatabaseName", "Name"}, "GetTableInput": {"DatabaseName", "Name"}, "GetTablesInput": {"DatabaseName"},
	"BatchDeleteTableInput":            {"DatabaseName", "TablesToDelete"},
	"GetTableVersionInput":             {"DatabaseName", "TableName"},
	"GetTableVersionsInput":            {"DatabaseName", "TableName"},
	"DeleteTableVersionInput":          {"DatabaseName", "TableName", "VersionId"},
	"BatchDeleteTableVersionInput":     {"DatabaseName", "TableName", "VersionIds"},
	"CreatePartitionInput":             {"DatabaseName", "TableName", "PartitionInput"},
	"BatchCreatePartitionInput":        {"DatabaseName", "TableName", "PartitionInputList"},
	"UpdatePartitionInput":             {"DatabaseName", "TableName", "PartitionValueList", "PartitionInput"},
	"BatchUpdatePartitionInput":        {"DatabaseName", "TableName", "Entries"},
	"BatchUpdatePartitionRequestEntry": {"PartitionValueList", "PartitionInput"},
	"DeletePartitionInput":             {"DatabaseName", "TableName", "PartitionValues"},
	"BatchDeletePartitionInput":        {"DatabaseName", "TableName", "PartitionsToDelete"},
	"GetPartitionInput":                {"DatabaseName", "TableName", "PartitionValues"},
	"GetPartitionsInput":               {"DatabaseName", "TableName"},
	"BatchGetPartitionInput":           {"DatabaseName", "TableName", "PartitionsToGet"},
	"PartitionValueList":               {"Values"}, "Segment": {"TotalSegments"},
	"CreatePartitionIndexInput": {"DatabaseName", "TableName", "PartitionIndex"}, "PartitionIndex": {"IndexName", "Keys"},
	"DeletePartitionIndexInput": {"DatabaseName", "TableName", "IndexName"}, "GetPartitionIndexesInput": {"DatabaseName", "TableName"},
	"UpdateColumnStatisticsForTableInput":     {"DatabaseName", "TableName", "ColumnStatisticsList"},
	"UpdateColumnStatisticsForPartitionInput": {"DatabaseName", "TableName", "PartitionValues", "ColumnStatisticsList"},
	"GetColumnStatisticsForTableInput":        {"DatabaseName", "TableName", "ColumnNames"},
	"GetColumnStatisticsForPartitionInput":    {"DatabaseName", "TableName", "PartitionValues", "ColumnNames"},
	"DeleteColumnStatisticsForTableInput":     {"DatabaseName", "TableName", "ColumnName"},
	"DeleteColumnStatisticsForPartitionInput": {"DatabaseName", "TableName", "PartitionValues", "ColumnName"},
	"ColumnStatistics":                        {"ColumnName", "ColumnType", "AnalyzedTime", "StatisticsData"},
	"ColumnStatisticsData":                    {"Type"},
	"CreateUserDefinedFunctionInput":          {"DatabaseName", "FunctionInput"},
	"UpdateUserDefinedFunctionInput":          {"DatabaseName", "FunctionName", "FunctionInput"},
	"GetUserDefinedFunctionInput":             {"DatabaseName", "FunctionName"}, "GetUserDefinedFunctionsInput": {"Pattern"},
	"DeleteUserDefinedFunctionInput": {"DatabaseName", "FunctionName"},
	"TagResourceInput":               {"ResourceArn", "TagsToAdd"}, "UntagResourceInput": {"ResourceArn", "TagsToRemove"}, "GetTagsInput": {"ResourceArn"},
	"GetCatalogInput": {"CatalogId"}, "PutResourcePolicyInput": {"PolicyInJson"}, "PutDataCatalogEncryptionSettingsInput": {"DataCatalogEncryptionSettings"},
}

// The extents of what maps of parameters hold.
var (
	parameterKey   = extent{1, 255}
	parameterValue = extent{0, 512000}
)

// oneLine are the names that must be one line of text.
var oneLine = map[string]bool{"Name": true, "DatabaseName": true, "TableName": true, "IndexName": true, "FunctionName": true, "ColumnName": true}

const oneLinePattern = `[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*`

// checkInput applies the constraints of Glue's model to an operation's input.
func checkInput(in any) error {
	var c violations
	c.structure("", reflect.ValueOf(in).Elem())
	return c.err()
}

type violations []string

func (c *violations) add(value, path, constraint string) {
	const shown = 1024 // bytes of a value that the message repeats
	if len(value) > shown {
		value = strings.ToValidUTF8(value[:shown], "") + "…"
	}
	*c = append(*c, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, path, constraint))
}

func (c violations) err() error {
	switch len(c) {
	case 0:
		return nil
	case 1:
		return awsapi.Errorf(codeValidation, "1 validation error detected: %s", c[0])
	}
	return awsapi.Errorf(codeValidation, "%d validation errors detected: %s", len(c), strings.Join(c, "; "))
}

func violation(value, path, constraint string) error {
	var c violations
	c.add(value, path, constraint)
	return c.err()
}

func (c *violations) structure(path string, v reflect.Value) {
	t := v.Type()
	for _, name := range required[t.Name()] {
		if f := v.FieldByName(name); f.IsZero() && f.Kind() != reflect.Slice || f.Kind() == reflect.Slice && f.IsNil() {
			c.add("null", path+member(name), "Member must not be null")
		}
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			c.value(t.Name(), f.Name, path+member(f.Name), v.Field(i))
		}
	}
}

// member is a field's name as Glue's messages write it.
func member(name string) string { return strings.ToLower(name[:1]) + name[1:] }

func (c *violations) value(owner, name, path string, v reflect.Value) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	length, ok := extents[owner+"."+name]
	if !ok {
		length, ok = extents[name]
	}
	switch v.Kind() {
	case reflect.String:
		if ok {
			c.length(v.String(), path, v.Len(), length)
		}
		if oneLine[name] && strings.ContainsFunc(v.String(), func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
			c.add("'"+v.String()+"'", path, "Member must satisfy regular expression pattern: "+oneLinePattern)
		}
	case reflect.Slice:
		if ok && !v.IsNil() {
			c.length("[…]", path, v.Len(), length)
		}
		for i := range v.Len() {
			c.item(name, path+"."+strconv.Itoa(i+1)+".member", v.Index(i))
		}
	case reflect.Map:
		if ok {
			c.length("{…}", path, v.Len(), length)
		}
		if name == "Parameters" {
			c.parameters(path, v)
		}
	case reflect.Struct:
		c.structure(path+".", v)
	}
}

// itemNames name what lists of texts hold, for its extent.
var itemNames = map[string]string{
	"TablesToDelete": "Name", "VersionIds": "VersionId", "ColumnNames": "Name", "Keys": "Name",
	"BucketColumns": "Name", "SkewedColumnNames": "Name",
}

func (c *violations) item(list, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		c.structure(path+".", v)
	case reflect.String:
		if name := itemNames[list]; name != "" {
			c.value("", name, path, v)
		}
	}
}

func (c *violations) parameters(path string, v reflect.Value) {
	for it := v.MapRange(); it.Next(); {
		key := it.Key().String()
		c.length(key, path, len(key), parameterKey)
		if it.Value().Kind() == reflect.String {
			c.length(it.Value().String(), path+"."+key+".member", it.Value().Len(), parameterValue)
		}
	}
}

func (c *violations) length(value, path string, n int, e extent) {
	switch {
	case n < e.least:
		c.add("'"+value+"'", path, fmt.Sprintf("Member must have length greater than or equal to %d", e.least))
	case n > e.most:
		c.add("'"+value+"'", path, fmt.Sprintf("Member must have length less than or equal to %d", e.most))
	}
}

// checkCatalog refuses calls for a catalog that is none of an account, as those
// of S3 Tables and of other services are. The number of an account is not
// compared: all of scops is one account, whatever number its clients have.
func checkCatalog(in any) error {
	f := reflect.ValueOf(in).Elem().FieldByName("CatalogId")
	id, ok := f, f.IsValid() && f.Kind() == reflect.Pointer && !f.IsNil()
	if !ok {
		return nil
	}
	if name := id.Elem().String(); strings.ContainsFunc(name, func(r rune) bool { return r < '0' || r > '9' }) {
		return awsapi.Errorf(codeNotFound, "Catalog %s not found.", name)
	}
	return nil
}
