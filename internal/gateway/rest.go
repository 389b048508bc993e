package gateway

import (
	"bytes"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/restjson"
)

const restType = "application/json"

// restInput decodes a request of the REST-JSON protocol.
func (c *call) restInput(body []byte) (any, awsapi.Operation, *awsapi.Error) {
	path, _, _ := bytes.Cut(c.rc.Request.Header.RequestURI(), []byte("?"))
	c.rest, _ = c.service.paths.Find(string(c.rc.Method()), string(path))
	c.operation = c.rest.Operation
	op, aerr := c.find()
	if aerr != nil {
		return nil, op, aerr
	}
	in := op.New()
	if err := restjson.Decode(c.rest, c.queryValues, c.headerValues, body, in); err != nil {
		return nil, op, awsapi.Errorf("SerializationException", "%s", err.Error())
	}
	return in, op, nil
}

func (c *call) queryValues(name string) []string { return texts(c.rc.QueryArgs().PeekMulti(name)) }

func (c *call) headerValues(name string) []string {
	if v := c.rc.Request.Header.Peek(name); v != nil {
		return []string{string(v)}
	}
	return nil
}

func texts(values [][]byte) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// writeREST answers with the output of the operation where its route says.
func (c *call) writeREST(out any) error {
	buf := bodies.Get().(*[]byte)
	defer releaseBody(buf)
	r, err := restjson.Encode((*buf)[:0], c.rest.Route, out)
	*buf = r.Body
	if err != nil {
		return err
	}
	for _, h := range r.Headers {
		c.rc.Response.Header.Set(h[0], h[1])
	}
	c.rc.SetStatusCode(r.Status)
	c.rc.SetContentType(restType)
	c.rc.SetBody(r.Body)
	return nil
}
