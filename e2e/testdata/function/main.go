// Command function is the bootstrap of a Lambda function that does what its
// event says, for the tests.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type event struct {
	Do      string `json:"do"`
	Text    string `json:"text"`
	Seconds int    `json:"seconds"`
	Bytes   int    `json:"bytes"`
}

var calls int // of this process

func main() {
	if os.Getenv("FAIL_INIT") != "" {
		fmt.Println("no start today")
		os.Exit(3)
	}
	if path := os.Getenv("ON_SIGTERM"); path != "" {
		lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM(func() { _ = os.WriteFile(path, []byte("terminated"), 0o600) }))
		return
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, e event) (any, error) {
	calls++
	switch e.Do {
	case "env":
		return os.Environ(), nil
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return map[string]any{"context": lc, "deadline": time.Until(deadline).Seconds(), "calls": calls, "pid": os.Getpid()}, nil
	case "print":
		fmt.Println(e.Text)
		return nil, nil
	case "error":
		return nil, errors.New(e.Text)
	case "panic":
		panic(e.Text)
	case "exit":
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Duration(e.Seconds) * time.Second)
	case "large":
		return strings.Repeat("x", e.Bytes), nil
	case "grow":
		return grow(e.Bytes), nil
	case "child":
		cmd := exec.Command("sleep", "600")
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return cmd.Process.Pid, nil
	case "wait": // for a file
		for {
			if _, err := os.Stat(e.Text); err == nil {
				return calls, nil
			}
			time.Sleep(2 * time.Millisecond)
		}
	case "note": // appends a line to a file and fails where it is told to
		return nil, note(e.Text)
	case "send": // to a queue, with the SDK as it finds its configuration
		return nil, send(ctx, e.Text)
	}
	return e, nil
}

// grow keeps bytes and touches each page.
func grow(n int) int {
	kept := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		kept[i] = 1
	}
	time.Sleep(time.Minute)
	return len(kept)
}

func note(path string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%d\n", os.Getpid())
	return errors.Join(err, f.Close(), errors.New("noted"))
}

func send(ctx context.Context, queue string) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	c := sqs.NewFromConfig(cfg)
	u, err := c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queue})
	if err != nil {
		return err
	}
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u.QueueUrl, MessageBody: aws.String("from a function")})
	return err
}
