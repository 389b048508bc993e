package ddl

import (
	"fmt"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/catalog"
)

// Limits of the Glue Data Catalog on what a statement puts into it, in
// characters. https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html
const (
	maxName    = 255
	maxComment = 255
	maxType    = 131_072
)

// checkLimits refuses a table as Athena hands on Glue's refusal: with the path
// to what is too long.
func checkLimits(t *catalog.Table) error {
	for _, c := range []struct{ path, text string }{
		{"databaseName", t.Database},
		{"tableInput.name", t.Name},
	} {
		if err := checkLength(c.path, c.text, maxName); err != nil {
			return err
		}
	}
	if err := checkColumnLimits("tableInput.storageDescriptor.columns", t.Columns); err != nil {
		return err
	}
	return checkColumnLimits("tableInput.partitionKeys", t.PartitionKeys)
}

func checkColumnLimits(path string, columns []catalog.Column) error {
	for i, c := range columns {
		at := fmt.Sprintf("%s.%d.member.", path, i+1)
		for _, part := range []struct {
			name, text string
			most       int
		}{{"name", c.Name, maxName}, {"type", c.Type, maxType}, {"comment", c.Comment, maxComment}} {
			if err := checkLength(at+part.name, part.text, part.most); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkLength(path, text string, most int) error {
	if utf8.RuneCountInString(text) <= most {
		return nil
	}
	return execution(nil, "com.amazonaws.services.glue.model.ValidationException: 1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", text, path, most)
}
