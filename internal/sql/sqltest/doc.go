// Package sqltest is what the tests of the SQL packages share: a catalog with a
// few tables, and data-driven files of queries and their expected output. Only
// tests import it.
package sqltest
