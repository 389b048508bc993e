package glue

import (
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// The error codes of Glue that its clients tell apart.
const (
	codeNotFound      = "EntityNotFoundException"
	codeAlreadyExists = "AlreadyExistsException"
	codeInvalidInput  = "InvalidInputException"
	codeConflict      = "ConcurrentModificationException"
	codeInvalidState  = "InvalidStateException"
	codeLimit         = "ResourceNumberLimitExceededException"
)

func invalid(format string, args ...any) error {
	return awsapi.Errorf(codeInvalidInput, format, args...)
}

// texts are Glue's messages by kind and item; %s is the item's name and %r the
// reason.
var texts = map[error]map[string]string{
	catalog.ErrNotFound: {
		"database":        "Database %s not found.",
		"table":           "Table %s not found.",
		"partition":       "Cannot find partition %s.",
		"version":         "Version not found.",
		"function":        "Function %s not found.",
		"column":          "Column %s not found.",
		"partition index": "Partition Index %s not found.",
	},
	catalog.ErrAlreadyExists: {
		"database":        "Database %s already exists.",
		"table":           "Table %s already exists.",
		"partition":       "Partition %s already exists.",
		"function":        "Function %s already exists.",
		"partition index": "Partition Index %s already exists with the same %r.",
	},
	catalog.ErrInvalid: {
		"index keys": "IndexKeys not a part of PartitionColumns. Verify the indexKeys : %r",
	},
	catalog.ErrConflict: {
		"table": "Update table failed due to concurrent modifications.",
	},
	catalog.ErrLimit: {
		"partition index": "Partition index limit exceeded. Maximum: %r",
	},
}

var codes = map[error]string{
	catalog.ErrNotFound:      codeNotFound,
	catalog.ErrAlreadyExists: codeAlreadyExists,
	catalog.ErrInvalid:       codeInvalidInput,
	catalog.ErrNotEmpty:      codeInvalidInput,
	catalog.ErrConflict:      codeConflict,
	catalog.ErrLimit:         codeLimit,
}

// apiError turns an error of the catalog into Glue's.
func apiError(err error) error {
	var e *catalog.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	code, ok := codes[e.Kind]
	if !ok {
		return err
	}
	text := e.Error()
	if t, ok := texts[e.Kind][e.Item]; ok {
		text = strings.NewReplacer("%s", itemName(e), "%r", e.Reason).Replace(t)
	}
	return &awsapi.Error{Code: code, Message: text, Cause: err}
}

// itemName is a name as Glue's messages have it: a table's without the
// database's.
func itemName(e *catalog.Error) string {
	if e.Item == "table" {
		return e.Name[strings.IndexByte(e.Name, '.')+1:]
	}
	return e.Name
}
