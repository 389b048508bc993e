package analyzer

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any // string, bool, object or []any
}

// planJSON is a plan as Trino's FORMAT JSON has it: a node with its children,
// for a distributed plan as the fragment "0" of an object of fragments. What
// running it would read stands behind as one more member.
func (an *Analysis) planJSON(fragments bool, figures *Figures, estimate *Estimate) string {
	root := an.planTree(figures).json()
	if fragments {
		root = object{{"0", root}}
	}
	if estimate != nil {
		root = append(root, member{"estimate", estimate.json()})
	}
	return prettyJSON(root)
}

func (n *planNode) json() object {
	outputs := make([]any, len(n.outputs))
	for i, s := range n.outputs {
		outputs[i] = object{{"symbol", symbolText(s)}, {"type", s.Type.String()}}
	}
	details := make([]any, len(n.details))
	for i, d := range n.details {
		details[i] = d
	}
	children := make([]any, len(n.children))
	for i, c := range n.children {
		children[i] = c.json()
	}
	return object{
		{"id", strconv.Itoa(n.id)},
		{"name", n.name},
		{"descriptor", n.descriptor},
		{"outputs", outputs},
		{"details", details},
		{"estimates", []any{}},
		{"children", children},
	}
}

// prettyJSON writes JSON with the spaces and lines of Trino's printer.
func prettyJSON(v any) string {
	w := &jsonWriter{}
	w.value(v, 0)
	return w.b.String()
}

type jsonWriter struct{ b strings.Builder }

func (w *jsonWriter) value(v any, depth int) {
	switch v := v.(type) {
	case object:
		w.object(v, depth)
	case []any:
		w.array(v, depth)
	case bool:
		w.b.WriteString(strconv.FormatBool(v))
	case string:
		w.b.WriteString(jsonString(v))
	}
}

func (w *jsonWriter) object(o object, depth int) {
	if len(o) == 0 {
		w.b.WriteString("{ }")
		return
	}
	w.b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			w.b.WriteByte(',')
		}
		w.line(depth + 1)
		w.b.WriteString(jsonString(m.name) + " : ")
		w.value(m.value, depth+1)
	}
	w.line(depth)
	w.b.WriteByte('}')
}

// array is written in a line: only the objects in it have lines of their own.
func (w *jsonWriter) array(items []any, depth int) {
	w.b.WriteString("[ ")
	for i, v := range items {
		if i > 0 {
			w.b.WriteString(", ")
		}
		w.value(v, depth)
	}
	if len(items) > 0 {
		w.b.WriteByte(' ')
	}
	w.b.WriteByte(']')
}

func (w *jsonWriter) line(depth int) {
	w.b.WriteByte('\n')
	w.b.WriteString(strings.Repeat("  ", depth))
}

func jsonString(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil { // a string is always JSON
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
