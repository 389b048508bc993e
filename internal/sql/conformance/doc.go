// Package conformance compares scops's SQL with a Trino. It has tests alone.
//
// testdata/*.tsv are cases, one a line, in columns divided by tabs: the query;
// the names and types of its columns as Trino gave them ("!" for an error); its
// rows, or the name and place of the error; and, where scops refuses what Trino
// answers, the name of scops's error. Tabs and line ends in a field are written
// \t and \n. A line that starts with # is a comment.
//
// The test runs each query and compares. With -trino=http://host:port it records
// the answers of that server anew; with -refused it writes the last column.
package conformance
