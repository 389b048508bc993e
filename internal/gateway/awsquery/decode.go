package awsquery

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// FormError is a form that does not fit the operation. Clients see it as
// ValidationError.
type FormError struct{ Message string }

func (e *FormError) Error() string { return e.Message }

// maxItems bounds the items of a list.
const maxItems = 1000

// Decode reads a form into v, a pointer to a struct: Name=text for members,
// Name.Member for structs, Name.member.1 for lists. Unknown names are skipped.
// Every error is a *FormError.
func Decode(form url.Values, v any) error {
	return structure(form, "", reflect.ValueOf(v).Elem())
}

func structure(form url.Values, prefix string, v reflect.Value) error {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		if err := value(form, prefix+f.Name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func has(form url.Values, name string) bool {
	if form.Has(name) {
		return true
	}
	for k := range form {
		if strings.HasPrefix(k, name+".") {
			return true
		}
	}
	return false
}

func value(form url.Values, name string, v reflect.Value) error {
	if !has(form, name) {
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return value(form, name, v.Elem())
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			return timestamp(name, form.Get(name), at)
		}
		return structure(form, name+".", v)
	case reflect.Slice:
		return list(form, name, v)
	}
	return scalar(name, form.Get(name), v)
}

func list(form url.Values, name string, v reflect.Value) error {
	for n := 1; has(form, fmt.Sprintf("%s.member.%d", name, n)); n++ {
		if n > maxItems {
			return &FormError{fmt.Sprintf("%s has more than %d members", name, maxItems)}
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := value(form, fmt.Sprintf("%s.member.%d", name, n), item); err != nil {
			return err
		}
		v.Set(reflect.Append(v, item))
	}
	return nil
}

func timestamp(name, text string, at *time.Time) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &FormError{fmt.Sprintf("%s must be a timestamp", name)}
	}
	*at = t
	return nil
}

func scalar(name, text string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return nil
	case reflect.Bool:
		if text == "true" || text == "false" {
			v.SetBool(text == "true")
			return nil
		}
		return &FormError{fmt.Sprintf("%s must be true or false", name)}
	case reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return &FormError{fmt.Sprintf("%s must be an integer", name)}
		}
		v.SetInt(n)
		return nil
	}
	return &FormError{fmt.Sprintf("%s cannot be given in a form", name)}
}
