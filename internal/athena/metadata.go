package athena

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of the .metadata object, a protobuf message that AWS does not
// document; they are those that burtcorp/athena-jdbc reads.
const (
	metaQueryID     = 1
	metaUpdateCount = 3
	metaColumn      = 4

	metaCatalogName   = 1
	metaName          = 4
	metaLabel         = 5
	metaType          = 6
	metaPrecision     = 7
	metaScale         = 8
	metaNullable      = 9
	metaCaseSensitive = 10

	metaNullableUnknown = 3
)

// encodeMetadata renders the .metadata object of a result.
func encodeMetadata(r *record) []byte {
	var b []byte
	b = appendString(b, metaQueryID, string(r.ID))
	if r.UpdateCount != nil {
		b = appendVarint(b, metaUpdateCount, uint64(*r.UpdateCount))
	}
	for _, c := range r.Columns {
		b = protowire.AppendTag(b, metaColumn, protowire.BytesType)
		b = protowire.AppendBytes(b, encodeColumn(c))
	}
	return b
}

func encodeColumn(c api.ColumnInfo) []byte {
	var b []byte
	b = appendString(b, metaCatalogName, aws.ToString(c.CatalogName))
	b = appendString(b, metaName, aws.ToString(c.Name))
	b = appendString(b, metaLabel, aws.ToString(c.Label))
	b = appendString(b, metaType, aws.ToString(c.Type))
	if c.Precision != 0 {
		b = appendVarint(b, metaPrecision, uint64(c.Precision))
	}
	if c.Scale != 0 {
		b = appendVarint(b, metaScale, uint64(c.Scale))
	}
	b = appendVarint(b, metaNullable, metaNullableUnknown)
	if c.CaseSensitive {
		b = appendVarint(b, metaCaseSensitive, 1)
	}
	return b
}

func appendString(b []byte, field protowire.Number, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), text)
}

func appendVarint(b []byte, field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

// columnInfos describes the columns of a query as GetQueryResults does.
func columnInfos(columns []analyzer.Column) []api.ColumnInfo {
	out := make([]api.ColumnInfo, len(columns))
	for i, c := range columns {
		info := c.Type.ColumnInfo()
		out[i] = columnInfo(c.Name, info.Type)
		out[i].Precision, out[i].Scale, out[i].CaseSensitive = int32(info.Precision), int32(info.Scale), info.CaseSensitive
	}
	return out
}

// ddlColumnInfos describes the columns of a SHOW or DESCRIBE.
func ddlColumnInfos(columns []ddl.Column) []api.ColumnInfo {
	out := make([]api.ColumnInfo, len(columns))
	for i, c := range columns {
		out[i] = columnInfo(c.Name, c.Type)
	}
	return out
}

func columnInfo(name, typeName string) api.ColumnInfo {
	return api.ColumnInfo{
		CatalogName: aws.String("hive"),
		SchemaName:  aws.String(""),
		TableName:   aws.String(""),
		Name:        aws.String(name),
		Label:       aws.String(name),
		Type:        aws.String(typeName),
		Nullable:    api.ColumnNullableUnknown,
	}
}
