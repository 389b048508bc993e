package functions

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/jsonpath"
	"github.com/scopsdb/scops/internal/sql/types"
)

// JSONPathCall is a call of JSON_VALUE, JSON_QUERY or JSON_EXISTS. Its
// arguments are the input, the variables and the defaults that there are, ON
// EMPTY first.
type JSONPathCall struct {
	Spec      jsonpath.Spec // Types and Tagged are set by JSONPath
	Input     types.Type    // varchar or varbinary
	Variables []types.Type  // of JSON_2016 "json"
	Returning types.Type
	// DefaultOnEmpty and DefaultOnError: the clause has a default, which is an
	// argument of the type Returning.
	DefaultOnEmpty bool
	DefaultOnError bool
}

// JSONPath writes a call on a JSON path, and its name, which tells calls apart.
func JSONPath(c JSONPathCall) (*Resolved, string) {
	c.Spec.Tagged = c.Spec.Function == "value" &&
		(c.DefaultOnEmpty || c.DefaultOnError || !c.Returning.Equal(types.VarcharUnbounded))
	for _, t := range c.Variables {
		c.Spec.Types = append(c.Spec.Types, t.String())
	}
	args := append([]types.Type{c.Input}, c.Variables...)
	for i, t := range c.Variables {
		if t.Kind == types.JSON { // text FORMAT JSON
			args[i+1] = types.VarcharUnbounded
		}
	}
	for _, set := range []bool{c.DefaultOnEmpty, c.DefaultOnError} {
		if set {
			args = append(args, c.Returning)
		}
	}
	text, err := json.Marshal(c.Spec)
	if err != nil {
		panic("functions: " + err.Error()) // a Spec has texts alone
	}
	spec := string(text)
	return &Resolved{ArgTypes: args, ReturnType: c.Returning, emission: T(c.result(c.call(spec)))}, "json_" + c.Spec.Function + " " + spec
}

// call gives the text of the result.
func (c JSONPathCall) call(spec string) string {
	input := "$1"
	if c.Input.Kind == types.Varbinary {
		input = "decode($1)"
	}
	if len(c.Variables) == 0 {
		return "scops_json_path(" + input + ", " + quote(spec) + ")"
	}
	values := make([]string, len(c.Variables))
	for i, t := range c.Variables {
		arg := "$" + strconv.Itoa(i+2)
		switch t.Kind {
		case types.Decimal:
			arg = "scops_json_quote(CAST(" + arg + " AS VARCHAR))"
		case types.JSON:
			arg = "scops_json_quote(" + arg + ")"
		default:
			arg = put(jsonPlain[t.Kind], arg)
		}
		values[i] = "coalesce(" + arg + ", 'null')"
	}
	return "scops_json_path_with(" + input + ", " + quote(spec) + ", concat('[', " + strings.Join(values, ", ',', ") + ", ']'))"
}

// result makes the value of the text.
func (c JSONPathCall) result(text string) string {
	switch {
	case c.Spec.Function == "exists":
		return "CAST(" + text + " AS BOOLEAN)"
	case c.Spec.Function == "query":
		return jsonOutput(text, c.Returning)
	case !c.Spec.Tagged:
		return text
	}
	onEmpty, onError := "NULL", "NULL"
	next := len(c.Variables) + 2
	if c.DefaultOnEmpty {
		onEmpty = "$" + strconv.Itoa(next)
		next++
	}
	switch {
	case c.DefaultOnError:
		onError = "$" + strconv.Itoa(next)
	case c.Spec.OnError == "ERROR":
		onError = raise("JSON_VALUE_RESULT_ERROR", "cannot extract SQL scalar from JSON: Cannot cast value to declared return type of function JSON_VALUE: "+c.Returning.String())
	}
	const value = "substr(scops_v, 2)"
	cases := ""
	for _, tag := range []string{jsonpath.TextTag, jsonpath.IntegerTag, jsonpath.DoubleTag, jsonpath.RealTag, jsonpath.DecimalTag, jsonpath.BooleanTag} {
		converted := "NULL"
		if template, ok := tagCast(tag, c.Returning); ok {
			converted = put(template, value)
		}
		cases += " WHEN '" + tag + "' THEN coalesce(" + converted + ", " + onError + ")"
	}
	return "CAST(list_transform([" + text + "], lambda scops_v: CASE left(scops_v, 1)" + cases +
		" WHEN '" + jsonpath.OnEmptyTag + "' THEN " + onEmpty + " WHEN '" + jsonpath.OnErrorTag + "' THEN " + onError + " END)[1] AS " + duckType(c.Returning) + ")"
}

// tagTypes are the types that the text of a result is read as.
var tagTypes = map[string]types.Type{
	jsonpath.TextTag: types.VarcharUnbounded, jsonpath.IntegerTag: types.BigIntType, jsonpath.DoubleTag: types.DoubleType,
	jsonpath.RealTag: types.RealType, jsonpath.BooleanTag: types.BooleanType,
}

// tagCast casts the text of an item of a type to another, NULL where it cannot
// be; it is false where no value can be.
func tagCast(tag string, to types.Type) (string, bool) {
	if tag == jsonpath.DecimalTag {
		return decimalTagCast(to)
	}
	from := tagTypes[tag]
	template, err := castTemplate(conversion{from: from, to: to, try: true})
	if err != nil {
		return "", false
	}
	if from.Kind == types.Varchar {
		return template, true
	}
	return put(template, "CAST($1 AS "+duckType(from)+")"), true
}

// decimalTagCast reads a decimal of any precision from its text.
func decimalTagCast(to types.Type) (string, bool) {
	through := to
	switch {
	case to.IsInteger():
		through = types.DecimalType(types.MaxDecimalPrecision, 0)
	case to.Kind == types.Boolean:
		through = types.DoubleType
	case to.Kind == types.Varchar:
		template, err := toVarchar("$1")(conversion{from: types.VarcharUnbounded, to: to, try: true})
		return template, err == nil
	case !to.IsNumeric():
		return "", false
	}
	first, err := castTemplate(conversion{from: types.VarcharUnbounded, to: through, try: true})
	if err != nil {
		return "", false
	}
	second, err := castTemplate(conversion{from: through, to: to, try: true})
	return put(second, first), err == nil
}

// jsonOutput is JSON text as a varchar, char or varbinary, cut where it is too
// long.
func jsonOutput(text string, to types.Type) string {
	if to.Kind == types.Varbinary {
		return "encode(" + text + ")"
	}
	template, err := castTemplate(conversion{from: types.VarcharUnbounded, to: to})
	if err != nil {
		panic("functions: " + err.Error()) // a text becomes any text
	}
	return put(template, text)
}
