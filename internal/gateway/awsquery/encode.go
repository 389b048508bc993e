package awsquery

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Response is the answer to an operation: out is a pointer to a struct. One
// without members has no element for its result.
func Response(names Names, namespace, requestID string, out any) ([]byte, error) {
	e := encoder{Names: names}
	operation, v := names.Operation, reflect.ValueOf(out).Elem()
	e.declare()
	e.text(`<`, operation, `Response xmlns="`, escape(namespace), `">`)
	if hasMembers(v.Type()) {
		e.text("<", operation, "Result>")
		if err := e.members(v); err != nil {
			return nil, err
		}
		e.text("</", operation, "Result>")
	}
	e.text("<ResponseMetadata><RequestId>", escape(requestID), "</RequestId></ResponseMetadata></", operation, "Response>")
	return e.b, nil
}

// Error is the answer to an operation that failed. kind is Sender or Receiver.
func Error(names Names, namespace, kind, code, message, requestID string) []byte {
	e := encoder{Names: names}
	e.declare()
	e.text(`<ErrorResponse xmlns="`, escape(namespace), `"><Error><Type>`, escape(kind), "</Type><Code>", escape(code),
		"</Code><Message>", escape(message), "</Message>")
	if names.Flat != nil {
		e.text("<Detail/>")
	}
	e.text("</Error><RequestId>", escape(requestID), "</RequestId></ErrorResponse>")
	return e.b
}

func hasMembers(t reflect.Type) bool {
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Name != "ResultMetadata" {
			return true
		}
	}
	return false
}

type encoder struct {
	Names
	b []byte
}

// declare writes the declaration, which SQS answers with and STS does not.
func (e *encoder) declare() {
	if e.Flat != nil {
		e.text(`<?xml version="1.0"?>`)
	}
}

func (e *encoder) text(parts ...string) {
	for _, p := range parts {
		e.b = append(e.b, p...)
	}
}

// escapes are what AWS writes for these characters. A carriage return as it is
// would be read as a line feed.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;")

// escape makes a text fit for XML. Characters that XML cannot carry, which no
// message has, become U+FFFD.
func escape(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, notXML) >= 0 {
		s = strings.Map(func(r rune) rune {
			if notXML(r) {
				return '\uFFFD'
			}
			return r
		}, s)
	}
	return escapes.Replace(s)
}

func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func (e *encoder) members(v reflect.Value) error {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" || empty(v.Field(i)) {
			continue
		}
		if err := e.member(e.of(f.Name, f.Type), v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

// member writes a member; flattened lists and maps are an element for each item.
func (e *encoder) member(name string, v reflect.Value) error {
	if e.Flat == nil || v.Type() == bytesType {
		return e.element(name, v)
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if err := e.element(name, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		return e.mapping(name, v)
	}
	return e.element(name, v)
}

// mapping writes the entries in the order of their keys.
func (e *encoder) mapping(name string, v reflect.Value) error {
	key := e.key(name)
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		e.text("<", name, "><", key, ">", escape(k.String()), "</", key, ">")
		if err := e.element("Value", v.MapIndex(k)); err != nil {
			return err
		}
		e.text("</", name, ">")
	}
	return nil
}

func (e *encoder) element(name string, v reflect.Value) error {
	e.text("<", name, ">")
	if err := e.content(name, reflect.Indirect(v)); err != nil {
		return err
	}
	e.text("</", name, ">")
	return nil
}

func (e *encoder) content(name string, v reflect.Value) error {
	if at, ok := v.Interface().(time.Time); ok {
		e.text(at.UTC().Format("2006-01-02T15:04:05Z"))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		e.text(escape(v.String()))
	case reflect.Bool:
		e.b = strconv.AppendBool(e.b, v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		e.b = strconv.AppendInt(e.b, v.Int(), 10)
	case reflect.Struct:
		return e.members(v)
	case reflect.Slice:
		if v.Type() == bytesType {
			e.b = base64.StdEncoding.AppendEncode(e.b, v.Bytes())
			return nil
		}
		for i := range v.Len() {
			if err := e.element("member", v.Index(i)); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("awsquery: cannot write %s of type %v", name, v.Type())
	}
	return nil
}
