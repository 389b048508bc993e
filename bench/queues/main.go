package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// bench is what the measurements need.
type bench struct {
	ctx              context.Context
	binary, dir      string
	messages, queues int
	watched          time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{ctx: ctx}
	flag.StringVar(&b.binary, "scops", "bin/scops", "binary of scops")
	flag.StringVar(&b.dir, "dir", ".", "folder on the disk under test")
	flag.IntVar(&b.messages, "messages", 1_000_000, "messages of 200 bytes that wait")
	flag.IntVar(&b.queues, "queues", 1000, "empty queues")
	flag.DurationVar(&b.watched, "time", 5*time.Second, "how long the processor time of empty queues is watched")
	flag.Parse()
	if err := errors.Join(b.waiting(), b.idle()); err != nil {
		fmt.Fprintln(os.Stderr, "queues:", err)
		os.Exit(1)
	}
}

// server is a started scops with one connection.
type server struct {
	*rig.Scops
	ctx context.Context
	c   *rig.Client
}

func (b *bench) start() (*server, error) {
	s, err := rig.Start(b.binary, b.dir, "")
	if err != nil {
		return nil, err
	}
	c, err := rig.NewClient(s.Endpoint)
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return &server{s, b.ctx, c}, nil
}

// call does an operation of SQS and returns its answer.
func (s *server) call(operation string, params any) ([]byte, error) {
	body, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	return s.post("/", "sqs", map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + operation}, body)
}

func (s *server) post(path, service string, header map[string]string, body []byte) ([]byte, error) {
	request, err := s.Signer.Request(s.ctx, s.Endpoint+path, service, header, body)
	if err != nil {
		return nil, err
	}
	return s.c.Do(request)
}

// cpu is the processor time that the process uses in a while, per second.
func (s *server) cpu(length time.Duration) (time.Duration, error) {
	before, err := s.CPU()
	if err != nil {
		return 0, err
	}
	time.Sleep(length)
	after, err := s.CPU()
	return time.Duration(float64(after-before) / length.Seconds()), err
}
