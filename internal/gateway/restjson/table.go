package restjson

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
)

// Table finds operations by method and path.
type Table struct {
	byShape map[shape][]*compiled
}

// shape is what the paths of an operation have in common, so that a look-up
// compares few templates.
type shape struct {
	method, first string
	segments      int
}

type compiled struct {
	operation string
	route     awsapi.Route
	segments  []string // "{Member}" for a parameter
}

// Match is the operation of a request, and the members that its path holds.
type Match struct {
	Operation string
	Route     awsapi.Route
	Params    map[string]string
}

// NewTable prepares the routes of a service, by operation.
func NewTable(routes map[string]awsapi.Route) (*Table, error) {
	t := &Table{byShape: map[shape][]*compiled{}}
	for operation, route := range routes {
		c := &compiled{operation: operation, route: route, segments: split(route.Path)}
		if len(c.segments) == 0 || route.Method == "" {
			return nil, fmt.Errorf("operation %s has no route", operation)
		}
		key := shape{route.Method, c.segments[0], len(c.segments)}
		for _, other := range t.byShape[key] {
			if c.overlaps(other) {
				return nil, fmt.Errorf("the routes of %s and %s are the same", operation, other.operation)
			}
		}
		t.byShape[key] = append(t.byShape[key], c)
	}
	return t, nil
}

// split takes a path apart. A slash at the end means nothing: older clients
// write one.
func split(path string) []string {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

func parameter(segment string) (member string, ok bool) {
	member, ok = strings.CutPrefix(segment, "{")
	return strings.TrimSuffix(member, "}"), ok
}

func (c *compiled) overlaps(other *compiled) bool {
	for i, s := range c.segments {
		_, mine := parameter(s)
		_, theirs := parameter(other.segments[i])
		if !mine && !theirs && s != other.segments[i] {
			return false
		}
	}
	return true
}

// Find returns the operation of a request. path is as it came, with its percent
// encoding: an encoded slash belongs to a parameter.
func (t *Table) Find(method, path string) (Match, bool) {
	segments := split(path)
	if len(segments) == 0 {
		return Match{}, false
	}
	for _, c := range t.byShape[shape{method, segments[0], len(segments)}] {
		if params, ok := c.match(segments); ok {
			return Match{Operation: c.operation, Route: c.route, Params: params}, true
		}
	}
	return Match{}, false
}

func (c *compiled) match(segments []string) (map[string]string, bool) {
	var params map[string]string
	for i, want := range c.segments {
		member, ok := parameter(want)
		if !ok {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if params == nil {
			params = map[string]string{}
		}
		params[member] = value
	}
	return params, true
}
