package eventfilter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Pattern is a compiled pattern.
type Pattern struct{ root object }

// object is a pattern of an object: all its members must match, and of each
// "$or" one alternative.
type object struct {
	members []member
	either  [][]object
}

type member struct {
	name string
	leaf []rule  // any of these, where the pattern has an array
	deep *object // where it has an object
	path []string
}

// Compile reads a pattern, for example {"body":{"action":["order"]}}.
func Compile(text string) (*Pattern, error) {
	v, err := decode([]byte(text))
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("a pattern is an object")
	}
	root, err := compileObject(m, nil)
	if err != nil {
		return nil, err
	}
	return &Pattern{root: root}, nil
}

// decode reads one JSON value with its numbers as they are written.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the value")
	}
	return v, nil
}

func compileObject(m map[string]any, path []string) (object, error) {
	var o object
	if len(m) == 0 {
		return o, errors.New("empty objects are not allowed")
	}
	for name, v := range m {
		if name == "$or" {
			alternatives, err := compileOr(v, path)
			if err != nil {
				return o, err
			}
			o.either = append(o.either, alternatives)
			continue
		}
		at := append(slices.Clip(path), name)
		c := member{name: name, path: at}
		var err error
		switch v := v.(type) {
		case map[string]any:
			c.deep = new(object)
			*c.deep, err = compileObject(v, at)
		case []any:
			c.leaf, err = compileRules(v)
		default:
			err = fmt.Errorf("%q must be an object or an array", name)
		}
		if err != nil {
			return o, err
		}
		o.members = append(o.members, c)
	}
	return o, nil
}

func compileOr(v any, path []string) ([]object, error) {
	list, ok := v.([]any)
	if !ok || len(list) < 2 {
		return nil, errors.New(`"$or" takes an array of two or more objects`)
	}
	out := make([]object, len(list))
	for i, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, errors.New(`"$or" takes an array of objects`)
		}
		var err error
		if out[i], err = compileObject(m, path); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Match tells whether the event matches. Its values are those of package json
// with numbers as json.Number, and Body.
func (p *Pattern) Match(event map[string]any) bool { return p.root.match(event, event) }

// match looks at v, which is what the whole event has at the object's place.
func (o *object) match(root map[string]any, v any) bool {
	switch v := v.(type) {
	case []any: // one element must match by itself
		return slices.ContainsFunc(v, func(e any) bool { return o.match(root, e) })
	case *Body:
		return v.json() != nil && o.match(root, v.json())
	case map[string]any:
		return o.matchMembers(root, v)
	default:
		return o.matchMembers(root, nil)
	}
}

func (o *object) matchMembers(root, v map[string]any) bool {
	for i := range o.members {
		if !o.members[i].match(root, v) {
			return false
		}
	}
	for _, alternatives := range o.either {
		if !slices.ContainsFunc(alternatives, func(a object) bool { return a.matchMembers(root, v) }) {
			return false
		}
	}
	return true
}

func (m *member) match(root, v map[string]any) bool {
	value, present := v[m.name]
	if m.deep != nil {
		return m.deep.match(root, value)
	}
	if b, ok := value.(*Body); ok {
		if b.json() != nil {
			return false // rules for plain text do not look into JSON
		}
		value = b.text
	}
	for i := range m.leaf {
		if r := &m.leaf[i]; r.absent && !leafAt(root, m.path) || r.is != nil && present && anyLeaf(value, r.is) {
			return true
		}
	}
	return false
}

// anyLeaf tests the value or, of an array, its elements. Objects are no leaves.
func anyLeaf(v any, is func(any) bool) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return anyLeaf(e, is) })
	case map[string]any:
		return false
	}
	return is(v)
}

// leafAt tells whether the event has a leaf at the path, in any element of the
// arrays on the way.
func leafAt(v any, path []string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return leafAt(e, path) })
	case *Body:
		if v.json() != nil {
			return leafAt(v.json(), path)
		}
	case map[string]any:
		if len(path) == 0 {
			return false
		}
		next, ok := v[path[0]]
		return ok && leafAt(next, path[1:])
	}
	return len(path) == 0
}
