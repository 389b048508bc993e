package catalog

import "fmt"

// Error says which item of the catalog a call failed on. It unwraps to one of
// the package's sentinel errors.
type Error struct {
	Kind   error  // ErrNotFound, ErrAlreadyExists, …
	Item   string // "database", "table", "partition", "delivery", "file"
	Name   string // of the item, for example sales.orders
	Reason string // why, where the kind does not say it all
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: %v", e.Item, e.Name, e.Kind)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

func (e *Error) Unwrap() error { return e.Kind }

func fail(kind error, item, name, format string, args ...any) error {
	return &Error{Kind: kind, Item: item, Name: name, Reason: fmt.Sprintf(format, args...)}
}
