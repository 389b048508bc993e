package eventfilter

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rule is one element of an array in a pattern: a test of a leaf, or the demand
// that there be none.
type rule struct {
	is     func(leaf any) bool
	absent bool
}

func compileRules(list []any) ([]rule, error) {
	if len(list) == 0 {
		return nil, errors.New("empty arrays are not allowed")
	}
	out := make([]rule, len(list))
	for i, v := range list {
		var err error
		if out[i], err = compileRule(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func compileRule(v any) (rule, error) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) != 1 {
			return rule{}, errors.New("a rule has exactly one operator")
		}
		for name, operand := range v {
			compile, ok := operators[name]
			if !ok {
				return rule{}, fmt.Errorf("unrecognized match type %q", name)
			}
			return compile(operand)
		}
	case []any:
		return rule{}, errors.New("arrays in arrays are not allowed")
	}
	// Numbers are compared as they are written: 300 is not 300.0, as on AWS.
	return rule{is: func(leaf any) bool { return leaf == v }}, nil
}

// operators are the rules with a name, each compiled from its operand.
var operators = map[string]func(operand any) (rule, error){
	"exists":             compileExists,
	"prefix":             ofString("prefix", strings.HasPrefix),
	"suffix":             ofString("suffix", strings.HasSuffix),
	"equals-ignore-case": ofString("equals-ignore-case", strings.EqualFold),
	"numeric":            compileNumeric,
	"anything-but":       compileAnythingBut,
}

func compileExists(operand any) (rule, error) {
	wanted, ok := operand.(bool)
	if !ok {
		return rule{}, errors.New("exists takes true or false")
	}
	if wanted {
		return rule{is: func(any) bool { return true }}, nil
	}
	return rule{absent: true}, nil
}

// ofString makes the operator that compares a string with the one given.
func ofString(name string, holds func(leaf, operand string) bool) func(any) (rule, error) {
	return func(operand any) (rule, error) {
		want, ok := operand.(string)
		if !ok || want == "" && name != "equals-ignore-case" {
			return rule{}, fmt.Errorf("%s takes a string that is not empty", name)
		}
		return rule{is: func(leaf any) bool {
			s, ok := leaf.(string)
			return ok && holds(s, want)
		}}, nil
	}
}

// butOperators are the operators that anything-but can turn around.
var butOperators = map[string]func(leaf, operand string) bool{
	"prefix":             strings.HasPrefix,
	"suffix":             strings.HasSuffix,
	"equals-ignore-case": strings.EqualFold,
}

// compileAnythingBut takes a string or number, a list of the one or the other,
// or one of butOperators with a string or a list of them. Another leaf than
// those matches.
func compileAnythingBut(operand any) (rule, error) {
	m, ok := operand.(map[string]any)
	if !ok {
		return compileOtherThan(operand)
	}
	if len(m) != 1 {
		return rule{}, errors.New("anything-but has exactly one operator")
	}
	for name, operand := range m {
		holds, ok := butOperators[name]
		if !ok {
			return rule{}, fmt.Errorf("anything-but does not take %q", name)
		}
		strs, err := list[string](operand)
		if err != nil || slices.Contains(strs, "") {
			return rule{}, fmt.Errorf("anything-but %s takes strings that are not empty", name)
		}
		return rule{is: func(leaf any) bool {
			s, ok := leaf.(string)
			return !ok || !slices.ContainsFunc(strs, func(want string) bool { return holds(s, want) })
		}}, nil
	}
	return rule{}, nil
}

func compileOtherThan(operand any) (rule, error) {
	if strs, err := list[string](operand); err == nil {
		return rule{is: func(leaf any) bool {
			s, ok := leaf.(string)
			return !ok || !slices.Contains(strs, s)
		}}, nil
	}
	texts, err := list[json.Number](operand)
	if err != nil {
		return rule{}, errors.New("anything-but takes strings or numbers")
	}
	numbers := make([]float64, len(texts))
	for i, text := range texts {
		if numbers[i], err = text.Float64(); err != nil {
			return rule{}, err
		}
	}
	return rule{is: func(leaf any) bool {
		n, ok := number(leaf)
		return !ok || !slices.Contains(numbers, n)
	}}, nil
}

// list reads one T or an array of them.
func list[T any](v any) ([]T, error) {
	if one, ok := v.(T); ok {
		return []T{one}, nil
	}
	many, ok := v.([]any)
	if !ok || len(many) == 0 {
		return nil, errors.New("neither a value nor an array of values")
	}
	out := make([]T, len(many))
	for i, e := range many {
		if out[i], ok = e.(T); !ok {
			return nil, errors.New("an array of mixed values")
		}
	}
	return out, nil
}
