package ddl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// Kind says what went wrong, for the Athena service to choose its codes.
type Kind string

// The kinds of failures.
const (
	// Semantic: the statement does not fit itself or what exists (FAILED:
	// SemanticException …).
	Semantic Kind = "SEMANTIC"
	// EntityNotFound: DESCRIBE or SHOW of what does not exist, which Athena
	// refuses before it makes a query execution.
	EntityNotFound Kind = "ENTITY_NOT_FOUND"
	// Execution: the catalog refused (FAILED: Execution Error, return code 1 …).
	Execution Kind = "EXECUTION"
	// NotSupported: scops does not do it.
	NotSupported Kind = "NOT_SUPPORTED"
)

// Error is a failure of a statement, in Athena's words.
type Error struct {
	Kind     Kind
	Message  string
	Position ast.Position // in the statement; zero where there is none
	Cause    error
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

const (
	semanticPrefix  = "FAILED: SemanticException "
	executionPrefix = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
)

// semantic says what does not fit, and where it stands. Messages that are
// Hive's own ([Error 10006]: …) carry no place.
func semantic(at ast.Node, format string, args ...any) error {
	e := &Error{Kind: Semantic, Message: semanticPrefix, Position: at.Pos()}
	if e.Position != (ast.Position{}) && !strings.HasPrefix(format, "[Error") {
		e.Message += "line " + e.Position.String() + ": "
	}
	e.Message += fmt.Sprintf(format, args...)
	return e
}

func execution(cause error, format string, args ...any) error {
	return &Error{Kind: Execution, Message: executionPrefix + fmt.Sprintf(format, args...), Cause: cause}
}

// notSupported names what is refused and where it stands.
func notSupported(at ast.Node, what string) error {
	message := "NOT_SUPPORTED: " + what
	if at.Pos() != (ast.Position{}) {
		message = fmt.Sprintf("NOT_SUPPORTED: line %s: %s", at.Pos(), what)
	}
	return &Error{Kind: NotSupported, Message: message, Position: at.Pos()}
}

// missing says in Hive's words that the database or table of n is not there.
func (r *run) missing(n hive.TableName, err error) error {
	if !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	e := &Error{Kind: Semantic, Position: n.Position, Cause: err}
	var c *catalog.Error
	if errors.As(err, &c) && c.Item == "database" {
		e.Message = semanticPrefix + "[Error 10072]: Database does not exist: " + c.Name
	} else {
		e.Message = semanticPrefix + "[Error 10001]: Table not found " + n.String()
	}
	return e
}

// entityNotFound says the same as Athena does for statements that only show.
func (r *run) entityNotFound(n hive.TableName, err error) error {
	if !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	return &Error{Kind: EntityNotFound, Message: "Entity Not Found: " + r.resolve(n).String(), Position: n.Position, Cause: err}
}

// refusals are Hive's words for the catalog's failures, of an item and its name.
var refusals = []struct {
	kind   error
	format string
}{
	{catalog.ErrAlreadyExists, "AlreadyExistsException(message:%s %s already exists)"},
	{catalog.ErrNotFound, "NoSuchObjectException(message:%s %s not found)"},
	{catalog.ErrNotEmpty, "InvalidOperationException(message:%s %s is not empty. One or more tables exist.)"},
	{catalog.ErrConflict, "ConcurrentModificationException(message:%s %s was changed by another statement)"},
}

// noPartition says that the partition of a spec is not there.
func noPartition(spec hive.PartitionSpec, err error) error {
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	return semantic(spec, "[Error 10006]: Partition not found %s", specText(spec))
}

// refused tells a failure of the catalog in Hive's words.
func refused(err error) error {
	var c *catalog.Error
	if err == nil || !errors.As(err, &c) {
		return err
	}
	for _, w := range refusals {
		if errors.Is(err, w.kind) {
			return execution(err, w.format, capital(c.Item), c.Name)
		}
	}
	return execution(err, "MetaException(message:%v)", err)
}

func capital(item string) string {
	if item == "" {
		return ""
	}
	return string(item[0]-'a'+'A') + item[1:]
}
