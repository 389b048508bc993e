//go:build !faultpoints

package sqlite

// driverName is the driver that databases are opened with.
const driverName = "sqlite3"
