package restjson

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"encoding/json"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/awsjson"
)

// Response is an answer.
type Response struct {
	Status  int
	Headers [][2]string
	Body    []byte // JSON, unless the route has a payload
}

// Encode makes the answer of an operation's output, a pointer to a struct. dst
// is a buffer for the body.
func Encode(dst []byte, route awsapi.Route, out any) (Response, error) {
	r := Response{Status: route.Status, Body: dst}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	v := reflect.ValueOf(out).Elem()
	if route.OutStatus != "" {
		if n := v.FieldByName(route.OutStatus).Int(); n != 0 {
			r.Status = int(n)
		}
	}
	for _, member := range slices.Sorted(maps.Keys(route.OutHeaders)) {
		if f := v.FieldByName(member); f.IsValid() && !f.IsZero() {
			r.Headers = append(r.Headers, [2]string{route.OutHeaders[member], reflect.Indirect(f).String()})
		}
	}
	switch {
	case route.OutPayload != "":
		r.Body = append(r.Body, v.FieldByName(route.OutPayload).Bytes()...)
		return r, nil
	case r.Status == http.StatusNoContent || route.OutStatus != "":
		return r, nil
	}
	var err error
	r.Body, err = awsjson.Append(r.Body, out)
	return r, err
}

// Error is the body of an error: its fields and its message, which a shape
// that spells it Message has among its fields.
func Error(e *awsapi.Error) []byte {
	fields := map[string]any{"Type": "User"}
	if e.Receiver {
		fields["Type"] = "Service"
	}
	maps.Copy(fields, e.Fields)
	if _, ok := fields["Message"]; !ok {
		fields["message"] = e.Message
	}
	body, err := json.Marshal(fields)
	if err != nil { // of a field that is no JSON; no field is better than no error
		body, _ = json.Marshal(map[string]any{"message": e.Message})
	}
	return body
}
