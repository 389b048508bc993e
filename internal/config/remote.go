package config

import (
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Account is how scops signs in to AWS, or to a server with its API. Without
// keys and profile it is the AWS SDK's chain: environment, shared files, the
// role of the machine.
type Account struct {
	Endpoint        string `yaml:"endpoint"` // URL; "" is AWS's own
	Region          string `yaml:"region"`   // "" is that of scops
	Profile         string `yaml:"profile"`  // of ~/.aws/config
	AccessKeyID     string `yaml:"access_key_id"`
	SecretAccessKey string `yaml:"secret_access_key"`
	SessionToken    string `yaml:"session_token"`
}

// Store is S3 elsewhere, with the buckets that are there.
type Store struct {
	Account `yaml:",inline"`
	Name    string   `yaml:"name"`
	Buckets []string `yaml:"buckets"`
	// PathStyle addresses buckets as ENDPOINT/BUCKET; nil does so wherever an
	// endpoint is given.
	PathStyle *bool `yaml:"path_style"`
}

// DefaultCacheBytes is the size of the folder in which objects of remote stores
// are kept while queries read them.
const DefaultCacheBytes = 10 << 30

// Source is an SQS queue elsewhere.
type Source struct {
	Account `yaml:",inline"`
	URL     string `yaml:"url"`     // of the queue
	Pollers int    `yaml:"pollers"` // receiving at the same time; 0 is 4
	// VisibilityTimeout is how long messages are hidden there while they are on
	// their way; 0 is two minutes.
	VisibilityTimeout Duration `yaml:"visibility_timeout"`
}

// mostPollers bounds Source.Pollers.
const mostPollers = 64

func (s Source) validate() error {
	if !isURL(s.URL) {
		return fmt.Errorf("url: %q is not the http or https URL of a queue", s.URL)
	}
	if s.Pollers < 0 || s.Pollers > mostPollers {
		return fmt.Errorf("pollers: %d is not within 1 and %d", s.Pollers, mostPollers)
	}
	if d := time.Duration(s.VisibilityTimeout); d > 12*time.Hour || d%time.Second != 0 {
		return fmt.Errorf("visibility_timeout: %s is not whole seconds within 1s and 12h", d)
	}
	return s.Account.validate()
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (a Account) validate() error {
	if a.Endpoint != "" && !isURL(a.Endpoint) {
		return fmt.Errorf("endpoint: %q is not an http or https URL", a.Endpoint)
	}
	if (a.AccessKeyID == "") != (a.SecretAccessKey == "") {
		return errors.New("access_key_id and secret_access_key: give both or none")
	}
	if a.AccessKeyID != "" && a.Profile != "" {
		return errors.New("profile: give a profile or keys, not both")
	}
	return nil
}

func (c *Config) validateStores() (errs []error) {
	names, buckets := map[string]bool{}, map[string]string{}
	for i, s := range c.Stores {
		bad := func(err error) { errs = append(errs, fmt.Errorf("stores[%d]: %w", i, err)) }
		switch {
		case s.Name == "":
			bad(errors.New("name is missing"))
		case names[s.Name]:
			bad(fmt.Errorf("the name %q is taken", s.Name))
		}
		names[s.Name] = true
		if len(s.Buckets) == 0 {
			bad(errors.New("buckets: name at least one"))
		}
		for _, b := range s.Buckets {
			if other, ok := buckets[b]; ok {
				bad(fmt.Errorf("buckets: %q is in store %q already", b, other))
			}
			buckets[b] = s.Name
		}
		if err := s.validate(); err != nil {
			bad(err)
		}
	}
	for i, b := range c.Buckets {
		if store, ok := buckets[b.Name]; ok {
			errs = append(errs, fmt.Errorf("buckets[%d]: %q is in store %q", i, b.Name, store))
		}
	}
	return errs
}
