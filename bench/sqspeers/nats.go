package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// stream is a stream of NATS JetStream in files.
type stream struct {
	url, name string
	conn      *nats.Conn
	js        jetstream.JetStream
}

func newStream(t target) (*stream, error) {
	s := &stream{url: t.url, name: newName()}
	var err error
	if s.conn, s.js, err = s.connect(); err != nil {
		return nil, err
	}
	_, err = s.js.CreateStream(context.Background(), jetstream.StreamConfig{Name: s.name, Subjects: []string{s.name}, Storage: jetstream.FileStorage})
	return s, err
}

func (s *stream) connect() (*nats.Conn, jetstream.JetStream, error) {
	conn, err := nats.Connect(s.url)
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(conn)
	return conn, js, err
}

func (s *stream) remove(ctx context.Context) error {
	defer s.conn.Close()
	return s.js.DeleteStream(ctx, s.name)
}

// publisher sends to a stream; a batch is as many publications before the first
// acknowledgement is awaited.
type publisher struct {
	ctx     context.Context
	subject string
	batch   int
	data    []byte
	conn    *nats.Conn
	js      jetstream.JetStream
	acks    []jetstream.PubAckFuture
}

func (s *stream) worker(ctx context.Context, c cell) (worker, error) {
	p := &publisher{ctx: ctx, subject: s.name, batch: c.batch, data: bytes.Repeat([]byte("a"), c.size)}
	var err error
	p.conn, p.js, err = s.connect()
	return p, err
}

func (p *publisher) close() { p.conn.Close() }

func (p *publisher) send() error {
	if p.batch == 1 {
		_, err := p.js.Publish(p.ctx, p.subject, p.data)
		return err
	}
	p.acks = p.acks[:0]
	for range p.batch {
		ack, err := p.js.PublishAsync(p.subject, p.data)
		if err != nil {
			return err
		}
		p.acks = append(p.acks, ack)
	}
	for _, ack := range p.acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		}
	}
	return nil
}

var errNoCycle = errors.New("NATS takes part in the sends alone")

func (p *publisher) receive() (int, error) { return 0, errNoCycle }
func (p *publisher) delete() error         { return errNoCycle }
