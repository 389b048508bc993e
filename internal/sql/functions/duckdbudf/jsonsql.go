package duckdbudf

import (
	"database/sql/driver"
	"encoding/json"
	"errors"

	"github.com/scopsdb/scops/internal/sql/jsonpath"
)

// jsonCall is a call of JSON_VALUE, JSON_QUERY or JSON_EXISTS that is ready to
// run.
type jsonCall struct {
	jsonpath.Spec
	path *jsonpath.Path
}

// jsonCalls are the calls by the text of their Spec.
var jsonCalls cache[*jsonCall]

func newJSONCall(spec string) (*jsonCall, error) {
	c := &jsonCall{}
	if err := json.Unmarshal([]byte(spec), &c.Spec); err != nil {
		return nil, err
	}
	var err error
	if c.path, err = jsonpath.Parse(c.Path); err != nil {
		return nil, failure("INVALID_PATH", "%s", err)
	}
	return c, nil
}

// compileJSONPath is a call without variables.
func compileJSONPath(spec string) (textFunc, error) {
	c, err := jsonCalls.get(spec, newJSONCall)
	if err != nil {
		return nil, err
	}
	return func(text string) (string, bool, error) { return c.run(text, nil) }, nil
}

// jsonPathWith is a call with a JSON array of the variables' values.
func jsonPathWith(a []driver.Value) (any, error) {
	c, err := jsonCalls.get(a[1].(string), newJSONCall)
	if err != nil {
		return nil, err
	}
	var values jsonpath.Array
	s := &scanner{in: a[2].(string)}
	tree, err := s.tree(0)
	if err == nil {
		values, _ = tree.(jsonpath.Array)
	}
	if len(values) != len(c.Names) {
		return nil, failure("GENERIC_INTERNAL_ERROR", "the values of the variables do not fit the path")
	}
	variables := make(map[string][]any, len(values))
	for i, v := range values {
		items, err := variable(c.Types[i], v)
		if err != nil {
			text, ok, err := c.failed(inputError())
			return nilUnless(text, ok), err
		}
		variables[c.Names[i]] = items
	}
	text, ok, err := c.run(a[0].(string), variables)
	return nilUnless(text, ok), err
}

func nilUnless(text string, ok bool) any {
	if !ok {
		return nil
	}
	return text
}

func inputError() error { return failure("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ") }

func (c *jsonCall) run(text string, variables map[string][]any) (string, bool, error) {
	input, err := jsonInput(text)
	if err != nil {
		return c.failed(inputError())
	}
	items, err := c.path.Eval(input, variables)
	var wrong *jsonpath.EvalError
	var unsupported *jsonpath.UnsupportedError
	switch {
	case errors.As(err, &wrong):
		return c.failed(failure("PATH_EVALUATION_ERROR", "%s", wrong))
	case errors.As(err, &unsupported):
		return "", false, failure("NOT_SUPPORTED", "%s", unsupported)
	case err != nil:
		return "", false, err
	}
	switch c.Function {
	case "exists":
		if len(items) > 0 {
			return "true", true, nil
		}
		return "false", true, nil
	case "query":
		return c.query(items)
	}
	return c.value(items)
}

// behaviors are what ON EMPTY and ON ERROR give, where it is a text.
var behaviors = map[string]string{"TRUE": "true", "FALSE": "false", "EMPTY ARRAY": "[]", "EMPTY OBJECT": "{}"}

// failed does what ON ERROR says.
func (c *jsonCall) failed(err error) (string, bool, error) {
	if c.OnError == "ERROR" {
		return "", false, err
	}
	if c.Tagged {
		return jsonpath.OnErrorTag, true, nil
	}
	text, ok := behaviors[c.OnError]
	return text, ok, nil
}

// empty does what ON EMPTY says.
func (c *jsonCall) empty(err error) (string, bool, error) {
	if c.OnEmpty == "ERROR" {
		return "", false, err
	}
	if c.Tagged {
		return jsonpath.OnEmptyTag, true, nil
	}
	text, ok := behaviors[c.OnEmpty]
	return text, ok, nil
}
