package duckdbudf

import (
	"database/sql/driver"
	"sort"
	"strings"
	"unicode/utf16"

	"github.com/scopsdb/scops/internal/sql/jsonpath"
)

// jsonFormatted is text FORMAT JSON as a part of JSON_OBJECT and JSON_ARRAY.
func jsonFormatted(text string) (string, bool, error) {
	item, err := jsonInput(text)
	if err != nil {
		return "", false, inputError()
	}
	return string(appendTree(nil, item)), true, nil
}

// rawJSON is the text of a JSON value that is written as it stands.
type rawJSON string

// makeJSONObject makes a JSON object of an array of keys and values by turns, in
// which each value is in an array of its own, an empty one for NULL. The second
// argument has A for ABSENT ON NULL and U for UNIQUE KEYS.
func makeJSONObject(a []driver.Value) (any, error) {
	s, flags := &scanner{in: a[0].(string)}, a[1].(string)
	object := &jsonpath.Object{}
	var key token
	err := s.elements(func(i int) (bool, error) {
		var err error
		if i%2 == 0 {
			key, err = s.next()
			return false, err
		}
		value, null, err := s.held()
		if err != nil || null && strings.Contains(flags, "A") && key.kind == jsonString {
			return false, err
		}
		return false, setMember(object, key, value, strings.Contains(flags, "U"))
	})
	if err != nil {
		return nil, err
	}
	orderAsHashMap(object.Names)
	return string(appendTree(nil, object)), nil
}

// held reads the array around a value; an empty one is null.
func (s *scanner) held() (value rawJSON, null bool, err error) {
	s.accept('[')
	if s.accept(']') {
		return "null", true, nil
	}
	s.peek()
	start := s.pos
	err = s.skip(0)
	value = rawJSON(s.in[start:s.pos])
	s.accept(']')
	return value, false, err
}

func setMember(object *jsonpath.Object, key token, value rawJSON, unique bool) error {
	_, known := object.Values[key.text]
	switch {
	case key.kind != jsonString:
		return failure("INVALID_FUNCTION_ARGUMENT", "null value passed for JSON object key to JSON_OBJECT function")
	case known && unique:
		return failure("INVALID_FUNCTION_ARGUMENT", "duplicate key passed to JSON_OBJECT function")
	case known:
		return failure("NOT_SUPPORTED", "cannot construct a JSON object with duplicate key")
	}
	object.Set(key.text, value)
	return nil
}

// orderAsHashMap gives names the order that Java's HashMap has them in, after
// they were put into it one by one.
func orderAsHashMap(names []string) {
	size := uint32(16)
	for len(names) > int(size/4*3) {
		size *= 2
	}
	sort.SliceStable(names, func(i, j int) bool {
		return javaHash(names[i])&(size-1) < javaHash(names[j])&(size-1)
	})
}

// javaHash is String.hashCode with HashMap's spread of it.
func javaHash(s string) uint32 {
	var h uint32
	for _, unit := range utf16.Encode([]rune(s)) {
		h = 31*h + uint32(unit)
	}
	return h ^ h>>16
}
