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
// -refused it writes the last column; -cases=GLOB chooses families. A file may
// begin with "-- trino: 476" where another Trino than 435 judges, and with
// "-- schema: tpch.tiny" for the names without a catalog.
package conformance
