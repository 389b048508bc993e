// Package sqlite opens catalog.db, the one SQLite file of a data folder, with
// the settings that durability needs, and runs each owner's migrations. It must
// not know what the tables mean.
package sqlite
