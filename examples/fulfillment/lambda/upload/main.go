package main

import (
	"context"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	u := &uploader{
		s3: s3.NewFromConfig(cfg), bucket: need("BUCKET"), prefix: need("PREFIX"),
		table: newTable(glue.NewFromConfig(cfg), need("DATABASE"), need("TABLE")),
	}
	lambda.Start(u.handle)
}

func need(name string) string {
	v := os.Getenv(name)
	if v == "" {
		log.Fatalf("the environment variable %s is not set", name)
	}
	return v
}
