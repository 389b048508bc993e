package awsquery

import (
	"reflect"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
)

// Names are how the members of an operation's shapes are called on the wire.
type Names struct {
	Operation string
	Flat      *awsapi.FlatNames // nil: every member has the name of its field, and lists are below "member"
}

// of is the name of a member: that of its field, but for flattened lists and
// maps, which have the name of one item.
func (ns Names) of(field string, t reflect.Type) string {
	if ns.Flat == nil || t.Kind() != reflect.Map && (t.Kind() != reflect.Slice || t == bytesType) {
		return field
	}
	if name, ok := ns.Flat.Members[field]; ok {
		return strings.Replace(name, "*", ns.Operation, 1)
	}
	return strings.TrimSuffix(field, "s")
}

// key is how the key of an entry is called in a map of that name.
func (ns Names) key(name string) string {
	if key, ok := ns.Flat.Keys[name[strings.LastIndexByte(name, '.')+1:]]; ok {
		return key
	}
	return "Name"
}
