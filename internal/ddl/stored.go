package ddl

import "github.com/scopsdb/scops/internal/formats"

// storedAs is what a STORED AS word stands for.
type storedAs struct{ input, output, serde string }

const (
	hiveIO   = "org.apache.hadoop.hive.ql.io."
	hiveSer2 = "org.apache.hadoop.hive.serde2."
	mapred   = "org.apache.hadoop.mapred."

	textInput     = mapred + "TextInputFormat"
	textOutput    = hiveIO + "HiveIgnoreKeyTextOutputFormat"
	parquetInput  = hiveIO + "parquet.MapredParquetInputFormat"
	parquetOutput = hiveIO + "parquet.MapredParquetOutputFormat"
)

// storedFormats are the STORED AS words of Athena and of the Hive that it
// follows, with the classes that they set.
// https://docs.aws.amazon.com/athena/latest/ug/create-table.html
var storedFormats = map[string]storedAs{
	"":             {textInput, textOutput, formats.SerDeLazySimple},
	"TEXTFILE":     {textInput, textOutput, formats.SerDeLazySimple},
	"SEQUENCEFILE": {mapred + "SequenceFileInputFormat", hiveIO + "HiveSequenceFileOutputFormat", formats.SerDeLazySimple},
	"RCFILE":       {hiveIO + "RCFileInputFormat", hiveIO + "RCFileOutputFormat", hiveSer2 + "columnar.LazyBinaryColumnarSerDe"},
	"ORC":          {hiveIO + "orc.OrcInputFormat", hiveIO + "orc.OrcOutputFormat", hiveIO + "orc.OrcSerde"},
	"ORCFILE":      {hiveIO + "orc.OrcInputFormat", hiveIO + "orc.OrcOutputFormat", hiveIO + "orc.OrcSerde"},
	"PARQUET":      {parquetInput, parquetOutput, formats.SerDeParquet},
	"PARQUETFILE":  {parquetInput, parquetOutput, formats.SerDeParquet},
	"AVRO":         {hiveIO + "avro.AvroContainerInputFormat", hiveIO + "avro.AvroContainerOutputFormat", hiveSer2 + "avro.AvroSerDe"},
	"AVROFILE":     {hiveIO + "avro.AvroContainerInputFormat", hiveIO + "avro.AvroContainerOutputFormat", hiveSer2 + "avro.AvroSerDe"},
	"ION":          {"com.amazon.ionhiveserde.formats.IonInputFormat", "com.amazon.ionhiveserde.formats.IonOutputFormat", "com.amazon.ionhiveserde.IonHiveSerDe"},
	"JSONFILE":     {textInput, textOutput, formats.SerDeHiveJSON},
}

// knownSerDes are the SerDe classes that Athena has.
// https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
var knownSerDes = map[string]bool{
	formats.SerDeLazySimple:                            true,
	formats.SerDeOpenCSV:                               true,
	formats.SerDeOpenXJSON:                             true,
	formats.SerDeHiveJSON:                              true,
	formats.SerDeHive3JSON:                             true,
	formats.SerDeParquet:                               true,
	hiveIO + "orc.OrcSerde":                            true,
	hiveSer2 + "avro.AvroSerDe":                        true,
	hiveSer2 + "RegexSerDe":                            true,
	"org.apache.hadoop.hive.contrib.serde2.RegexSerDe": true,
	hiveSer2 + "columnar.ColumnarSerDe":                true,
	hiveSer2 + "columnar.LazyBinaryColumnarSerDe":      true,
	hiveSer2 + "lazybinary.LazyBinarySerDe":            true,
	"com.amazonaws.glue.serde.GrokSerDe":               true,
	"com.amazon.emr.hive.serde.CloudTrailSerde":        true,
	"com.amazon.emr.hive.serde.S3LogDeserializer":      true,
	"com.amazon.ionhiveserde.IonHiveSerDe":             true,
	"com.amazon.ionhiveserde.IonSerDe":                 true,
	"parquet.hive.serde.ParquetHiveSerDe":              true,
}
