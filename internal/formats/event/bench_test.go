package event

import (
	"encoding/json"
	"testing"
	"time"

	goccy "github.com/goccy/go-json"
)

const order = `{"order_id":"1f0c7a9e-3b52-4f64-9d0e-8f2f3a7c5b11","district":"강남구","delivery_type":"same_day","product_name":"product-017","quantity":3,"price":12900,"ordered_at":"2021-02-03T04:05:06.789+09:00"}`

func BenchmarkParse(b *testing.B) {
	seoul, _ := time.LoadLocation("Asia/Seoul")
	p := NewParser(columns(b, "order_id string", "district string", "delivery_type string", "product_name string", "quantity int", "price int", "ordered_at timestamp"),
		Options{TimeField: "ordered_at", Zone: seoul})
	b.SetBytes(int64(len(order)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Parse(order); err != nil {
			b.Fatal(err)
		}
	}
}

type orderRow struct {
	OrderID      string    `json:"order_id"`
	District     string    `json:"district"`
	DeliveryType string    `json:"delivery_type"`
	ProductName  string    `json:"product_name"`
	Quantity     int32     `json:"quantity"`
	Price        int32     `json:"price"`
	OrderedAt    time.Time `json:"ordered_at"`
}

func BenchmarkGoccy(b *testing.B) { benchmarkOther(b, goccy.Unmarshal) }

func BenchmarkEncodingJSON(b *testing.B) { benchmarkOther(b, json.Unmarshal) }

func benchmarkOther(b *testing.B, unmarshal func([]byte, any) error) {
	b.SetBytes(int64(len(order)))
	b.ReportAllocs()
	for b.Loop() {
		var r orderRow
		if err := unmarshal([]byte(order), &r); err != nil {
			b.Fatal(err)
		}
	}
}
