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
)

func invalid(format string, args ...any) error {
	return awsapi.Errorf(codeInvalidInput, format, args...)
}

// texts are Glue's messages by kind and item; %s is the item's name.
var texts = map[error]map[string]string{
	catalog.ErrNotFound: {
		"database":  "Database %s not found.",
		"table":     "Entity Not Found: table %s.",
		"partition": "Cannot find partition %s.",
	},
	catalog.ErrAlreadyExists: {
		"database":  "Database %s already exists.",
		"table":     "Table %s already exists.",
		"partition": "Partition %s already exists.",
	},
}

var codes = map[error]string{
	catalog.ErrNotFound:      codeNotFound,
	catalog.ErrAlreadyExists: codeAlreadyExists,
	catalog.ErrInvalid:       codeInvalidInput,
	catalog.ErrNotEmpty:      codeInvalidInput,
	catalog.ErrConflict:      codeConflict,
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
		text = strings.Replace(t, "%s", e.Name, 1)
	}
	return &awsapi.Error{Code: code, Message: text, Cause: err}
}
