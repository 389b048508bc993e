package formats

import (
	"strconv"
	"strings"
	"unicode"
)

// SerDeIon reads Amazon Ion, text and binary.
const (
	SerDeIon = "com.amazon.ionhiveserde.IonHiveSerDe"
	inputIon = "com.amazon.ionhiveserde.formats.IonInputFormat"
)

// IonOptions are those of the Amazon Ion Hive SerDe.
// https://docs.aws.amazon.com/athena/latest/ug/ion-serde-using-ion-serde-properties.html
type IonOptions struct {
	CaseSensitive bool                 // names of fields in search paths
	Paths         map[string][]IonStep // search paths by column; without one, the field of the column's name
}

// IonStep is a part of a search path: the field of a name, or a place.
type IonStep struct {
	Name  string
	Index int // from 0; -1 for a name
}

// ionWriting are properties of writing alone.
var ionWriting = map[string]bool{"ion.encoding": true, "ion.serialize_null": true}

// ionBenign are the values by which properties change nothing.
var ionBenign = map[string]string{"ion.fail_on_overflow": "true", "ion.ignore_malformed": "false", "ion.timestamp.serialization_offset": "Z"}

func ionOptions(p map[string]string) (IonOptions, []string, error) {
	o := IonOptions{CaseSensitive: isTrue(p["ion.path_extractor.case_sensitive"]), Paths: map[string][]IonStep{}}
	known := []string{"ion.path_extractor.case_sensitive"}
	for name, value := range p {
		rest, ok := strings.CutPrefix(name, "ion.")
		column, property, _ := strings.Cut(rest, ".")
		switch {
		case !ok:
			continue
		case ionWriting[name], strings.EqualFold(ionBenign[name], value) && value != "", property == "serialize_as", property == "fail_on_overflow" && isTrue(value):
		case property == "path_extractor":
			path, err := ionPath(value)
			if err != nil {
				return o, nil, unsupported("SerDe property %s=%q: %v", name, value, err)
			}
			o.Paths[strings.ToLower(column)] = path
		default:
			continue
		}
		known = append(known, name)
	}
	return o, known, nil
}

// ionPath reads "(a 'b c' 0)".
func ionPath(text string) ([]IonStep, error) {
	inside, begins := strings.CutPrefix(strings.TrimSpace(text), "(")
	inside, ok := strings.CutSuffix(inside, ")")
	if !begins || !ok {
		return nil, unsupported("a search path stands in parentheses")
	}
	path := []IonStep{}
	for inside = strings.TrimSpace(inside); inside != ""; inside = strings.TrimSpace(inside) {
		quoted := inside[0] == '\'' || inside[0] == '"'
		var word string
		if quoted {
			word, inside, ok = strings.Cut(inside[1:], inside[:1])
			if !ok || strings.Contains(word, `\`) {
				return nil, unsupported("a quoted name that does not end, or has a backslash")
			}
		} else {
			end := strings.IndexFunc(inside, unicode.IsSpace)
			if end < 0 {
				end = len(inside)
			}
			word, inside = inside[:end], inside[end:]
		}
		step := IonStep{Name: word, Index: -1}
		if n, err := strconv.Atoi(word); err == nil && !quoted {
			step = IonStep{Index: n}
		}
		switch {
		case word == "*" && !quoted:
			return nil, unsupported("the wildcard is not supported: which of the values counts would be chance")
		case strings.Contains(word, "::") || strings.HasPrefix(inside, "::"):
			return nil, unsupported("annotations are not supported")
		case step.Index < 0 && !quoted && strings.ContainsAny(word, `()[]{},"'`), step.Index < -1:
			return nil, unsupported("%s is no step of a search path", word)
		}
		path = append(path, step)
	}
	return path, nil
}
