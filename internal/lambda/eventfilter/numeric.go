package eventfilter

import (
	"encoding/json"
	"errors"
)

var comparisons = map[string]func(a, b float64) bool{
	"=":  func(a, b float64) bool { return a == b },
	"<":  func(a, b float64) bool { return a < b },
	"<=": func(a, b float64) bool { return a <= b },
	">":  func(a, b float64) bool { return a > b },
	">=": func(a, b float64) bool { return a >= b },
}

var errNumeric = errors.New(`numeric takes ["=", n], ["<", n], [">", n] or a range such as [">", n, "<=", m] with n below m`)

// compileNumeric takes one comparison, or the lower and then the upper end of a
// range. Strings that hold numbers do not match.
func compileNumeric(operand any) (rule, error) {
	terms, ok := operand.([]any)
	if !ok || len(terms) != 2 && len(terms) != 4 {
		return rule{}, errNumeric
	}
	var ops []string
	var bounds []float64
	for i := 0; i < len(terms); i += 2 {
		op, _ := terms[i].(string)
		bound, ok := number(terms[i+1])
		if comparisons[op] == nil || !ok {
			return rule{}, errNumeric
		}
		ops, bounds = append(ops, op), append(bounds, bound)
	}
	if len(ops) == 2 && (ops[0][0] != '>' || ops[1][0] != '<' || bounds[0] >= bounds[1]) {
		return rule{}, errNumeric
	}
	return rule{is: func(leaf any) bool {
		n, ok := number(leaf)
		for i := range ops {
			ok = ok && comparisons[ops[i]](n, bounds[i])
		}
		return ok
	}}, nil
}

func number(v any) (float64, bool) {
	text, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := text.Float64()
	return n, err == nil
}
