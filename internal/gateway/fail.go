package gateway

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/awsjson"
	"github.com/scopsdb/scops/internal/gateway/awsquery"
	"github.com/scopsdb/scops/internal/gateway/restjson"
)

// fail answers with an error in the protocol of the service.
func (c *call) fail(e *awsapi.Error) {
	resp := &c.rc.Response
	resp.SetStatusCode(e.HTTPStatus())
	resp.Header.Set("X-Amzn-Requestid", c.id)
	if c.service != nil && c.form {
		resp.Header.SetContentType("text/xml")
		resp.SetBody(awsquery.Error(c.names(), c.service.XMLNamespace, side(e), queryCode(e), queryMessage(e), c.id))
		return
	}
	if c.service != nil && c.service.Protocol == awsapi.REST {
		resp.Header.Set("X-Amzn-Errortype", e.Code)
		resp.Header.SetContentType(restType)
		resp.SetBody(restjson.Error(e))
		return
	}
	if c.service != nil && c.service.QueryCodes {
		resp.Header.Set("X-Amzn-Query-Error", queryCode(e)+";"+side(e))
	}
	resp.Header.SetContentType(c.contentType())
	resp.SetBody(c.errorBody(e))
}

func side(e *awsapi.Error) string {
	if e.Receiver {
		return "Receiver"
	}
	return "Sender"
}

func queryCode(e *awsapi.Error) string {
	if e.QueryCode != "" {
		return e.QueryCode
	}
	return e.Code
}

func queryMessage(e *awsapi.Error) string {
	if e.QueryMessage != "" {
		return e.QueryMessage
	}
	return e.Message
}

// errorBody is {"__type":…, fields of the shape…, "message":…}. JSON 1.1
// services write Message.
func (c *call) errorBody(e *awsapi.Error) []byte {
	b := append([]byte(nil), `{"__type":`...)
	b = awsjson.AppendString(b, c.shapePrefix(e.Code)+e.Code)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		value, err := json.Marshal(e.Fields[name])
		if err != nil {
			continue // no member is better than no error
		}
		b = append(b, ',')
		b = awsjson.AppendString(b, name)
		b = append(b, ':')
		b = append(b, value...)
	}
	if c.service != nil && c.service.Protocol == awsapi.JSON11 {
		b = append(b, `,"Message":`...)
	} else {
		b = append(b, `,"message":`...)
	}
	b = awsjson.AppendString(b, e.Message)
	return append(b, '}')
}
