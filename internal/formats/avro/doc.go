// Package avro reads Apache Avro object container files
// (https://avro.apache.org/docs/1.12.0/specification/): records of the schema in
// the file become rows of the columns of a table, by the rules of schema
// resolution and with the types that Hive's AvroSerDe has.
//
// It must not know catalogs or where files lie. Schemas are parsed by
// github.com/twmb/avro; values are decoded here, straight into the vectors of
// package formats. Data goes next to the engine's row source.
package avro
