package glue

import (
	"encoding/base64"
	"encoding/json"
)

// The largest pages of Glue, which are also the default ones.
const (
	maxTablesPage     = 100 // GetTables and GetDatabases
	maxPartitionsPage = 1000
)

func pageSize(asked *int32, largest int) (int, error) {
	if asked == nil {
		return largest, nil
	}
	if *asked < 1 || int(*asked) > largest {
		return 0, invalid("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and %d", *asked, largest)
	}
	return int(*asked), nil
}

// token makes a NextToken of the name or values of the last item of a page: the
// next page begins after it, whatever comes and goes in between.
func token(last ...string) *string {
	b, err := json.Marshal(last)
	if err != nil {
		return nil // strings always marshal
	}
	t := base64.URLEncoding.EncodeToString(b)
	return &t
}

// fromToken returns what token was made of, and nil without a token.
func fromToken(t *string) ([]string, error) {
	if t == nil || *t == "" {
		return nil, nil
	}
	var last []string
	b, err := base64.URLEncoding.DecodeString(*t)
	if err == nil {
		err = json.Unmarshal(b, &last)
	}
	if err != nil || len(last) == 0 {
		return nil, invalid("Invalid NextToken %q", *t)
	}
	return last, nil
}

// namedPage cuts a page of items in order of name.
func namedPage[T any](items []T, name func(T) string, next *string, asked *int32) ([]T, *string, error) {
	size, err := pageSize(asked, maxTablesPage)
	if err != nil {
		return nil, nil, err
	}
	after, err := fromToken(next)
	if err != nil {
		return nil, nil, err
	}
	for after != nil && len(items) > 0 && name(items[0]) <= after[0] {
		items = items[1:]
	}
	if len(items) <= size {
		return items, nil, nil
	}
	return items[:size], token(name(items[size-1])), nil
}
