//go:build faultpoints

package sqlite

import (
	"database/sql"

	"github.com/mattn/go-sqlite3"

	"github.com/scopsdb/scops/internal/fault"
)

// driverName is the driver that databases are opened with: SQLite's with a
// fault point before every commit.
const driverName = "sqlite3-fault"

func init() {
	sql.Register(driverName, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		c.RegisterCommitHook(func() int {
			fault.Point("sqlite.commit")
			return 0
		})
		return nil
	}})
}
