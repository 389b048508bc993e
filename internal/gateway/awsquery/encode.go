package awsquery

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Response is the answer to an operation: out is a pointer to a struct.
func Response(operation, namespace, requestID string, out any) ([]byte, error) {
	var b strings.Builder
	b.WriteString("<" + operation + `Response xmlns="` + escape(namespace) + `"><` + operation + "Result>")
	if err := members(&b, reflect.ValueOf(out).Elem()); err != nil {
		return nil, err
	}
	b.WriteString("</" + operation + "Result><ResponseMetadata><RequestId>" + escape(requestID) + "</RequestId></ResponseMetadata></" + operation + "Response>")
	return []byte(b.String()), nil
}

// Error is the answer to an operation that failed. kind is Sender or Receiver.
func Error(namespace, kind, code, message, requestID string) []byte {
	return []byte(`<ErrorResponse xmlns="` + escape(namespace) + `"><Error><Type>` + escape(kind) + "</Type><Code>" + escape(code) +
		"</Code><Message>" + escape(message) + "</Message></Error><RequestId>" + escape(requestID) + "</RequestId></ErrorResponse>")
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

func members(b *strings.Builder, v reflect.Value) error {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" || empty(v.Field(i)) {
			continue
		}
		if err := element(b, f.Name, v.Field(i)); err != nil {
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

func element(b *strings.Builder, name string, v reflect.Value) error {
	v = reflect.Indirect(v)
	b.WriteString("<" + name + ">")
	if err := content(b, name, v); err != nil {
		return err
	}
	b.WriteString("</" + name + ">")
	return nil
}

func content(b *strings.Builder, name string, v reflect.Value) error {
	if at, ok := v.Interface().(time.Time); ok {
		b.WriteString(at.UTC().Format("2006-01-02T15:04:05Z"))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		b.WriteString(escape(v.String()))
	case reflect.Bool:
		b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int32, reflect.Int64:
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Struct:
		return members(b, v)
	case reflect.Slice:
		for i := range v.Len() {
			if err := element(b, "member", v.Index(i)); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("awsquery: cannot write %s of type %v", name, v.Type())
	}
	return nil
}
