// Package conformance compares scops's SQL with a Trino. It has tests alone.
//
// The cases are in testdata/conformance of the repository: family.sql has
// queries, each ended by a semicolon at the end of a line, and family.golden
// what Trino answered, a line for each query: the key of its text, the names and
// types of its columns ("!" for an error), its rows, or the name and place of
// the error, and, where scops refuses what Trino answers, the name of scops's
// error.
//
// The test runs each query and compares. With -trino=http://host:port it asks
// that server for the answers that are not known yet, with -again for all; with
// -refused it writes the last column; -cases=GLOB chooses families.
//
// Comments of a family's file say how it is run:
//
//	-- trino: 476         another Trino than 435 judges
//	-- schema: tpch.tiny  what names without a catalog mean: this schema of the
//	                      Trino, the database tpch of scops
//	-- ties: any          rows that the ORDER BY leaves untied may come in any
//	                      order: all rows must be there, each as often, and the
//	                      keys of the ORDER BY that are output columns must come
//	                      in the order of Trino's
//	-- doubles: 1e-9      doubles and reals may differ by this much relative to
//	                      their value, as a sum of them depends on the order of
//	                      addition; without, each digit counts
//
// The databases tpch and tpcds have the tables of Trino's connectors at their
// schema tiny, as Parquet files: testdata/conformance/data, written from a Trino
// with -run=TestDataFiles -data. The planner lists them and the engine reads
// them as it does a user's. The tables of the other databases have no files.
package conformance
