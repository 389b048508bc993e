package sqs_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	v1aws "github.com/aws/aws-sdk-go/aws"
	v1credentials "github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/request"
	"github.com/aws/aws-sdk-go/aws/session"
	v1sqs "github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/gateway/awsquery"
	"github.com/scopsdb/scops/internal/sqs"
)

// fill gives every member a value that tells its path; lists and maps get two.
func fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.String:
		v.SetString(path + ` <&>"` + "\r\n한")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(len(path)))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(path + "\x00\xff"))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), fmt.Sprintf("%s.%d", path, i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{"k & 1", "k2"} {
			item := reflect.New(v.Type().Elem()).Elem()
			fill(item, path+"."+key)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), path+"."+f.Name)
			}
		}
	}
}

// plain is a value without the differences of the two SDKs: pointers, named
// strings, sizes of integers.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i))
		}
		return list
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		out := map[string]any{}
		for _, key := range v.MapKeys() {
			out[key.String()] = plain(v.MapIndex(key))
		}
		return out
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || f.Name == "ResultMetadata" {
				continue
			}
			if value := plain(v.Field(i)); value != nil {
				out[f.Name] = value
			}
		}
		return out
	}
	panic(v.Type().String())
}

// TestQueryNames holds the names of all 23 operations against an SDK that still
// speaks the Query protocol: what it sends is read, and what we answer it reads.
func TestQueryNames(t *testing.T) {
	made, err := session.NewSession(&v1aws.Config{
		Region: v1aws.String("us-east-1"), Credentials: v1credentials.NewStaticCredentials("a", "b", ""), DisableParamValidation: v1aws.Bool(true),
		DisableComputeChecksums: v1aws.Bool(true),
	})
	require.NoError(t, err)
	old, api := v1sqs.New(made), sqs.New(nil, sqs.Options{}).API()
	newer := reflect.TypeFor[*awssqs.Client]()
	operations := 0
	for i := range reflect.TypeOf(old).NumMethod() {
		name, ok := strings.CutSuffix(reflect.TypeOf(old).Method(i).Name, "Request")
		if !ok || name == "New" || name == "" {
			continue
		}
		method, ok := newer.MethodByName(name)
		require.True(t, ok, name)
		operations++
		t.Run(name, func(t *testing.T) {
			call := reflect.ValueOf(old).Method(i)
			in := reflect.New(call.Type().In(0).Elem())
			fill(in.Elem(), "in")
			results := call.Call([]reflect.Value{in})
			req := results[0].Interface().(*request.Request)
			names := awsquery.Names{Operation: name, Flat: api.Flat}

			require.NoError(t, req.Build())
			body, err := io.ReadAll(req.GetBody())
			require.NoError(t, err)
			form, err := awsquery.Parse(string(body))
			require.NoError(t, err)
			require.Equal(t, name, form.Get("Action"))
			require.Equal(t, api.Version, form.Get("Version"))
			decoded := reflect.New(method.Type.In(2).Elem())
			require.NoError(t, awsquery.Decode(form, names, decoded.Interface()))
			require.Equal(t, plain(in), plain(decoded))

			out := reflect.New(method.Type.Out(0).Elem())
			fill(out.Elem(), "out")
			text, err := awsquery.Response(names, api.XMLNamespace, "id", out.Interface())
			require.NoError(t, err)
			req.HTTPResponse = &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text))}
			req.Handlers.Unmarshal.Run(req)
			require.NoError(t, req.Error)
			require.Equal(t, plain(out), plain(results[1]), string(text))
		})
	}
	require.Equal(t, 23, operations)
}
