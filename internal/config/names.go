package config

import "github.com/goccy/go-yaml"

// Names are one name, or a list of them.
type Names []string

// UnmarshalYAML reads a, or [a, b].
func (n *Names) UnmarshalYAML(text []byte) error {
	var one string
	if err := yaml.Unmarshal(text, &one); err == nil && one != "" {
		*n = Names{one}
		return nil
	}
	var list []string
	if err := yaml.Unmarshal(text, &list); err != nil {
		return err
	}
	*n = list
	return nil
}
