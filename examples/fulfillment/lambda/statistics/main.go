package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/athena"
)

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	s := &statistics{
		athena: athena.NewFromConfig(cfg), database: need("DATABASE"), table: need("TABLE"),
		output: os.Getenv("OUTPUT"), now: time.Now,
	}
	lambda.Start(s.handle)
}

func need(name string) string {
	v := os.Getenv(name)
	if v == "" {
		log.Fatalf("the environment variable %s is not set", name)
	}
	return v
}
