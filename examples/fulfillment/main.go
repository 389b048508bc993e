package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address of the pages")
	queue := flag.String("queue", "order-events", "SQS queue of the events")
	database := flag.String("database", "fulfillment", "Athena database")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, *queue, *database); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, listen, queue, database string) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	events, err := newEvents(ctx, sqs.NewFromConfig(cfg), queue)
	if err != nil {
		return err
	}
	site := &site{
		events:     events,
		statistics: &statistics{athena: athena.NewFromConfig(cfg), database: database},
		now:        time.Now,
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	log.Printf("pages on http://%s/", l.Addr())
	server := &http.Server{Handler: site.handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			log.Print(err)
		}
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
