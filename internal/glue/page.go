package glue

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
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
	switch value := fmt.Sprintf("'%d'", *asked); {
	case *asked < 1:
		return 0, violation(value, "maxResults", "Member must have value greater than or equal to 1")
	case int(*asked) > largest:
		return 0, violation(value, "maxResults", fmt.Sprintf("Member must have value less than or equal to %d", largest))
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

// page cuts a page of items, which are in order of their keys.
func page[T any](items []T, largest int, next *string, asked *int32, key func(T) []string, compare func(a, b []string) int) ([]T, *string, error) {
	size, err := pageSize(asked, largest)
	if err != nil {
		return nil, nil, err
	}
	after, err := fromToken(next)
	if err != nil {
		return nil, nil, err
	}
	if after != nil {
		items = items[sort.Search(len(items), func(i int) bool { return compare(key(items[i]), after) > 0 }):]
	}
	if len(items) <= size {
		return items, nil, nil
	}
	return items[:size], token(key(items[size-1])...), nil
}

// namedPage cuts a page of items in order of name.
func namedPage[T any](items []T, name func(T) string, next *string, asked *int32) ([]T, *string, error) {
	return page(items, maxTablesPage, next, asked, func(item T) []string { return []string{name(item)} }, slices.Compare[[]string])
}
