package restjson

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/scopsdb/scops/internal/gateway/awsjson"
)

// Values looks up a name in a query string or in headers; nil is absent.
type Values func(name string) []string

// Decode fills in, a pointer to a struct, from a request that Find found. Every
// error is an *awsjson.SyntaxError.
func Decode(m Match, query, headers Values, body []byte, in any) error {
	v := reflect.ValueOf(in).Elem()
	if m.Route.Payload != "" {
		v.FieldByName(m.Route.Payload).SetBytes(append([]byte(nil), body...))
	} else if err := awsjson.Decode(body, in); err != nil {
		return err
	}
	// After the body: a member of the path is never that of the body.
	for member, value := range m.Params {
		if err := set(v, member, []string{value}); err != nil {
			return err
		}
	}
	for member, name := range m.Route.Query {
		if err := set(v, member, query(name)); err != nil {
			return err
		}
	}
	for member, name := range m.Route.Headers {
		if err := set(v, member, headers(name)); err != nil {
			return err
		}
	}
	return nil
}

// set gives a member its value of a query string, a header or a path. A member
// that the operation's input does not have is ignored, as in a body.
func set(v reflect.Value, member string, values []string) error {
	f := v.FieldByName(member)
	if !f.IsValid() {
		return nil
	}
	if len(values) == 0 {
		f.SetZero()
		return nil
	}
	if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.String {
		f.Set(reflect.ValueOf(values).Convert(f.Type()))
		return nil
	}
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	return scalar(f, member, values[0])
}

func scalar(f reflect.Value, member, text string) error {
	switch f.Kind() {
	case reflect.String:
		f.SetString(text)
		return nil
	case reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, f.Type().Bits())
		if err == nil {
			f.SetInt(n)
			return nil
		}
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err == nil {
			f.SetBool(b)
			return nil
		}
	}
	return &awsjson.SyntaxError{Message: fmt.Sprintf("%q is no value of %s", text, member)}
}
