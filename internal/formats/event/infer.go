package event

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Hive types that are inferred.
const (
	bigint = "bigint"
	double = "double"
	text   = "string"
)

// Inferred is the type of a column for a value.
type Inferred struct {
	Hive string // "" where the value says nothing: null, or an empty array
	// JSONText is set where the column takes values as JSON text: objects, and
	// arrays of more than values of one simple type.
	JSONText bool
}

// Infer gives the Hive type of a JSON value: bigint, double, boolean, string,
// an array of one of them, or string for JSON text.
func Infer(value string) Inferred {
	switch c := value[0]; {
	case c == 'n':
		return Inferred{}
	case c == 't', c == 'f':
		return Inferred{Hive: "boolean"}
	case c == '"':
		return Inferred{Hive: text}
	case c == '[':
		return inferArray(value)
	case c == '{':
		return Inferred{Hive: text, JSONText: true}
	}
	if _, err := strconv.ParseInt(value, 10, 64); err == nil && !strings.ContainsAny(value, ".eE") {
		return Inferred{Hive: bigint}
	}
	return Inferred{Hive: double}
}

func inferArray(value string) Inferred {
	var elements []json.RawMessage
	if err := json.Unmarshal([]byte(value), &elements); err != nil { // the parser has read it
		return Inferred{}
	}
	of := Inferred{}
	for _, e := range elements {
		one := Infer(string(e))
		if one.JSONText || strings.HasPrefix(one.Hive, "array") {
			return Inferred{Hive: text, JSONText: true}
		}
		joined, ok := of.Join(one)
		if !ok {
			return Inferred{Hive: text, JSONText: true}
		}
		of = joined
	}
	if of.Hive == "" {
		return Inferred{}
	}
	return Inferred{Hive: "array<" + of.Hive + ">"}
}

// Join is the type for values of both; false where there is none.
func (i Inferred) Join(o Inferred) (Inferred, bool) {
	switch {
	case i.Hive == "" || i == o:
		return o, true
	case o.Hive == "":
		return i, true
	case i.JSONText != o.JSONText:
		return i, false
	case i.Hive == double && o.Hive == bigint, i.Hive == bigint && o.Hive == double:
		return Inferred{Hive: double}, true
	case i.Hive == "array<"+double+">" && o.Hive == "array<"+bigint+">", i.Hive == "array<"+bigint+">" && o.Hive == "array<"+double+">":
		return Inferred{Hive: "array<" + double + ">"}, true
	}
	return i, false
}
