package iceberg

import (
	"strconv"
	"strings"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/catalog"
)

// Parameters of a Glue column, as Iceberg's own Glue catalog and Athena write
// them.
const (
	fieldID       = "iceberg.field.id"
	fieldOptional = "iceberg.field.optional"
	fieldCurrent  = "iceberg.field.current"
)

// catalogColumns are the columns of a schema as the catalog shows them.
func catalogColumns(schema *ice.Schema) []catalog.Column {
	fields := schema.Fields()
	out := make([]catalog.Column, len(fields))
	for i, f := range fields {
		out[i] = catalog.Column{
			Name: strings.ToLower(f.Name), Type: hiveType(f.Type), Comment: f.Doc,
			Parameters: map[string]string{
				fieldID: strconv.Itoa(f.ID), fieldOptional: strconv.FormatBool(!f.Required), fieldCurrent: "true",
			},
		}
	}
	return out
}

// show fills in what the catalog says of a table: where its metadata is, and
// its columns for those who do not read it.
func show(t *catalog.Table, m *Metadata, location, previous string) {
	parameters := map[string]string{}
	for k, v := range t.Parameters {
		parameters[k] = v
	}
	parameters[ParamTableType] = tableType
	parameters[ParamMetadataLocation] = location
	if previous != "" {
		parameters[ParamPreviousLocation] = previous
	}
	t.Parameters = parameters
	t.Columns = catalogColumns(m.Schema())
	t.PartitionKeys = nil
	t.Location = m.Location
}
