package formats

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// CloudTrail's logs are JSON objects with an array Records, one a file. Tables
// over them have this input format, with the Hive JSON SerDe or an older class
// of EMR's.
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-org-wide-trail.html
const (
	SerDeCloudTrail = "com.amazon.emr.hive.serde.CloudTrailSerde"
	inputCloudTrail = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
)

// textFields are fields of records whose value is shown as JSON text, whatever
// it holds: what is in them differs from one AWS service to the next.
var textFields = map[string]bool{"requestparameters": true, "responseelements": true, "additionaleventdata": true, "serviceeventdetails": true, identityText: true}

// identityText is a column that no record has: userIdentity as JSON text.
const identityText = "useridentity_as_string"

// records gives the records of a log file's line. An object without Records has
// none: CloudTrail puts its digests beside the logs.
type records struct {
	scan  scanner
	queue [][]byte
	at    int
}

func (r *records) next() ([]byte, bool) {
	if r.at == len(r.queue) {
		return nil, false
	}
	r.at++
	return r.queue[r.at-1], true
}

func (r *records) open(line []byte) error {
	r.queue, r.at = r.queue[:0], 0
	line = trimSpace(line)
	if len(line) == 0 {
		return nil
	}
	if line[0] != '{' {
		return errMalformed
	}
	var list token
	if at, ok := r.scan.members(line, 0, 0, func(_ int, key, value token) {
		if string(key.raw) == "Records" {
			list = value
		}
	}); !ok {
		return fmt.Errorf("invalid JSON at character %d", at+1)
	}
	if list.kind != arrayToken {
		return nil
	}
	var err error
	r.scan.elements(list.raw, 0, 0, func(_ int, value token) {
		if value.kind != objectToken {
			err = errors.New("an element of Records is not a JSON object")
		}
		r.queue = append(r.queue, value.raw)
	})
	return err
}

// compactJSON writes a value without blanks, as Jackson does.
func (d *jsonDecoder) compactJSON(out []byte, t token) []byte {
	switch t.kind {
	case stringToken:
		return appendJacksonString(out, validText(d.copyText(t)))
	case literalToken:
		return appendJacksonNumber(out, t.raw)
	case arrayToken:
		out = append(out, '[')
		d.scan.elements(t.raw, 0, 0, func(n int, value token) {
			if n > 0 {
				out = append(out, ',')
			}
			out = d.compactJSON(out, value)
		})
		return append(out, ']')
	case objectToken:
		out = append(out, '{')
		for n, m := range d.firstPlaces(t) {
			if n > 0 {
				out = append(out, ',')
			}
			out = append(appendJacksonString(out, m.key), ':')
			out = d.compactJSON(out, m.value)
		}
		return append(out, '}')
	}
	return append(out, "null"...)
}

// firstPlaces are the members of an object; of equal keys the last value stands
// in the first one's place.
func (d *jsonDecoder) firstPlaces(t token) []member {
	var all []member
	places := map[string]int{}
	d.scan.members(t.raw, 0, 0, func(_ int, key, value token) {
		text := d.copyText(key)
		if i, ok := places[string(text)]; ok {
			all[i].value = value
			return
		}
		places[string(text)] = len(all)
		all = append(all, member{text, value})
	})
	return all
}

// appendJacksonNumber writes true, false and integers as they are, other numbers
// as doubles.
func appendJacksonNumber(out, raw []byte) []byte {
	if bytes.ContainsAny(raw, ".eE") && raw[0] != 't' && raw[0] != 'f' {
		if f, err := strconv.ParseFloat(string(raw), 64); err == nil {
			return AppendFloat(out, f, 64)
		}
	}
	if string(raw) == "-0" {
		return append(out, '0')
	}
	return append(out, raw...)
}

func appendJacksonString(out, text []byte) []byte {
	out = append(out, '"')
	for _, c := range text {
		if c < ' ' && c != '\b' && c != '\t' && c != '\n' && c != '\f' && c != '\r' {
			out = fmt.Appendf(out, `\u%04X`, c)
			continue
		}
		out = appendJSONByte(out, c)
	}
	return append(out, '"')
}
