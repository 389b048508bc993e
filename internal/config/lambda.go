package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Lambda are the settings of the Lambda service.
type Lambda struct {
	// Concurrency is how many invocations run at a time, the account's limit of
	// AWS; nil is 8 for each core, at least 16.
	Concurrency *int `yaml:"concurrency"`
	// Idle is how long a process waits for its next event; nil is 5 minutes.
	Idle *Duration `yaml:"idle"`
	// RetryWait is how long a failed asynchronous invocation waits for its second
	// attempt; for the third it waits twice as long. nil is a minute, as at AWS.
	RetryWait *Duration      `yaml:"retry_wait"`
	Runtimes  LambdaRuntimes `yaml:"runtimes"`
}

// LambdaRuntimes are programs and folders, where they are not where scops looks
// for them.
type LambdaRuntimes struct {
	Python       map[string]string `yaml:"python"`        // "python3.12": its program
	PythonClient string            `yaml:"python_client"` // folder with the package awslambdaric
	Node         string            `yaml:"node"`          // program
	NodeClient   string            `yaml:"node_client"`   // folder of the package aws-lambda-ric
}

func (l Lambda) validate() error {
	var errs []error
	if l.Concurrency != nil && *l.Concurrency < 1 {
		errs = append(errs, fmt.Errorf("lambda: concurrency: %d is less than 1", *l.Concurrency))
	}
	if l.Idle != nil && *l.Idle == 0 {
		errs = append(errs, errors.New("lambda: idle: 0 would keep no process"))
	}
	var names []string
	for name := range l.Runtimes.Python {
		if !strings.HasPrefix(name, "python3.") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		errs = append(errs, fmt.Errorf("lambda: runtimes: python: %q is not a runtime such as python3.12", name))
	}
	return errors.Join(errs...)
}
