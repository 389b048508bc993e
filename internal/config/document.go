package config

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Document is the declaration as JSON, with the keys of the file and without
// those that are not given.
func (d Delivery) Document() (json.RawMessage, error) {
	text, err := yaml.MarshalWithOptions(d, yaml.OmitZero())
	if err != nil {
		return nil, err
	}
	var keys map[string]any
	if err := yaml.Unmarshal(text, &keys); err != nil {
		return nil, err
	}
	return json.Marshal(keys)
}

// ParseDelivery reads one delivery as the file declares it, or as JSON with the
// same keys. A key that is not known is an error.
func ParseDelivery(text []byte) (Delivery, error) {
	var d Delivery
	if err := refuseAliases(text); err != nil {
		return d, err
	}
	err := yaml.NewDecoder(strings.NewReader(string(text)), yaml.DisallowUnknownField()).Decode(&d)
	if errors.Is(err, io.EOF) {
		return d, errors.New("the definition is empty")
	}
	if err != nil {
		return d, errors.New(strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	return d, nil
}

// MarshalYAML writes "1s".
func (d Duration) MarshalYAML() (any, error) { return time.Duration(d).String(), nil }

// MarshalYAML writes the number of bytes.
func (b Bytes) MarshalYAML() (any, error) { return int64(b), nil }
