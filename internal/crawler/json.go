package crawler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// jsonShape recognises JSON objects, one a line, as the JSON SerDes read them.
func jsonShape(content []byte, lines []string) (shape, bool) {
	text := bytes.TrimLeft(content, " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return shape{}, false
	}
	out := shape{class: classJSON}
	good := 0
	for _, line := range lines {
		t, keys, err := jsonObject(line)
		if err != nil {
			continue
		}
		good++
		out.columns, out.paths = mergeFields(out.columns, t.Fields), union(out.paths, keys)
	}
	if good == 0 || good*10 < len(lines)*9 {
		if text[0] == '[' && json.Valid(firstLine(lines)) || strings.HasPrefix(strings.TrimSpace(string(firstLine(lines))), "[") {
			return unrecognised("it is a JSON array, where queries read one JSON object a line"), true
		}
		if len(lines) == 0 {
			return unrecognised("its first JSON object is longer than what is sampled"), true
		}
		return unrecognised("it looks like JSON, of which queries read one whole object a line"), true
	}
	return out, true
}

func firstLine(lines []string) []byte {
	if len(lines) == 0 {
		return nil
	}
	return []byte(lines[0])
}

var errNoObject = errors.New("not one JSON object")

// jsonObject gives the type of one object and its keys as they are written.
func jsonObject(line string) (formats.Type, []string, error) {
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	token, err := d.Token()
	if err != nil || token != json.Delim('{') {
		return unknown, nil, errNoObject
	}
	t, keys, err := objectType(d, 0)
	if err != nil {
		return unknown, nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unknown, nil, errNoObject
	}
	return t, keys, nil
}

const deepestJSON = 64

// objectType reads an object after its brace.
func objectType(d *json.Decoder, depth int) (formats.Type, []string, error) {
	out := formats.Type{Kind: formats.Struct}
	if depth > deepestJSON {
		return out, nil, fmt.Errorf("JSON is nested more than %d levels deep", deepestJSON)
	}
	var keys []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return out, nil, err
		}
		t, err := valueType(d, depth)
		if err != nil {
			return out, nil, err
		}
		name := key.(string) //nolint:forcetypeassert // the decoder gives keys as strings
		keys = append(keys, name)
		if depth > 0 && strings.ContainsAny(name, ":,<>() `\t\n") || name == "" {
			continue // no name of a field that a Hive type can hold
		}
		out.Fields = mergeFields(out.Fields, []formats.Field{{Name: strings.ToLower(name), Type: t}})
	}
	_, err := d.Token()
	return out, keys, err
}

func valueType(d *json.Decoder, depth int) (formats.Type, error) {
	token, err := d.Token()
	if err != nil {
		return unknown, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			t, _, err := objectType(d, depth+1)
			return t, err
		}
		return arrayType(d, depth+1)
	case bool:
		return formats.Type{Kind: formats.Boolean}, nil
	case json.Number:
		return numberType(v.String()), nil
	case string:
		return stringType, nil
	}
	return unknown, nil
}

func arrayType(d *json.Decoder, depth int) (formats.Type, error) {
	of := unknown
	if depth > deepestJSON {
		return of, fmt.Errorf("JSON is nested more than %d levels deep", deepestJSON)
	}
	for d.More() {
		t, err := valueType(d, depth)
		if err != nil {
			return of, err
		}
		of = mergeTypes(of, t)
	}
	_, err := d.Token()
	return formats.Type{Kind: formats.Array, Fields: []formats.Field{{Type: of}}}, err
}

// numberType is int, bigint or double, as Glue has JSON numbers; whole numbers
// beyond those stay text, which loses no digit.
func numberType(text string) formats.Type {
	if strings.ContainsAny(text, ".eE") {
		return formats.Type{Kind: formats.Double}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return stringType
	case n == int64(int32(n)):
		return formats.Type{Kind: formats.Int}
	}
	return formats.Type{Kind: formats.BigInt}
}
