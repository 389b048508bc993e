// Package formats is how rows lie in files: SerDes and compression. Detect
// turns a table's SerDe into a Format; Lines and RowDecoder read row formats
// (JSON, delimited text, CSV) into column batches; the writers make the files
// of a delivery.
//
// It owns the meaning of SerDe properties and must not know catalogs, queries
// or an engine. Data goes next to the engine (batches) and the object store
// (written files).
package formats
