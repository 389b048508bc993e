package tablewriter

import (
	"errors"
	"fmt"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
)

// Trino's names of the errors that writing ends with.
const (
	errNotSupported       = "NOT_SUPPORTED"
	errInvalidProperty    = "INVALID_TABLE_PROPERTY"
	errPathExists         = "HIVE_PATH_ALREADY_EXISTS"
	errTooManyPartitions  = "HIVE_TOO_MANY_OPEN_PARTITIONS"
	errColumnOrder        = "HIVE_COLUMN_ORDER_MISMATCH"
	errUnsupportedFormat  = "HIVE_UNSUPPORTED_FORMAT"
	errPartitionValue     = "HIVE_INVALID_PARTITION_VALUE"
	errFilesystem         = "HIVE_FILESYSTEM_ERROR"
	errWriter             = "HIVE_WRITER_DATA_ERROR"
	errConcurrentModified = "HIVE_CONCURRENT_MODIFICATION_DETECTED"
	errTableExists        = "TABLE_ALREADY_EXISTS"
	errTableNotFound      = "TABLE_NOT_FOUND"
)

// fail is a failure of the statement in Trino's terms.
func fail(name, format string, args ...any) error {
	return &engine.Error{Name: name, Message: fmt.Sprintf(format, args...)}
}

// commitError says in Trino's terms why the catalog did not take a write.
func commitError(err error, table string) error {
	switch {
	case errors.Is(err, catalog.ErrAlreadyExists):
		return fail(errTableExists, "Destination table 'awsdatacatalog.%s' already exists", table)
	case errors.Is(err, catalog.ErrNotFound):
		return fail(errTableNotFound, "Table 'awsdatacatalog.%s' was dropped while the statement wrote to it", table)
	case errors.Is(err, catalog.ErrConflict):
		return fail(errConcurrentModified, "%v", err)
	}
	return err
}
