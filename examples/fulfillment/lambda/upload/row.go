package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// row is an event as the table orders has it.
type row struct {
	OrderID      string `json:"order_id"`
	Action       string `json:"action"`
	OrderedAt    string `json:"ordered_at"` // UTC, as Hive writes a timestamp
	District     string `json:"district,omitempty"`
	DeliveryType string `json:"delivery_type,omitempty"`
	ProductName  string `json:"product_name,omitempty"`
	Quantity     int    `json:"quantity,omitempty"`
}

// partition is a day in Seoul.
type partition struct{ year, month, day string }

// folder is where its objects are, below the table's location.
func (p partition) folder() string {
	return "year=" + p.year + "/month=" + p.month + "/day=" + p.day + "/"
}

func (p partition) values() []string { return []string{p.year, p.month, p.day} }

// seoul is the zone of the service. Korea has had no daylight saving time since
// 1988, and a function's machine need not have a database of time zones.
var seoul = time.FixedZone("KST", 9*60*60)

const hiveTimestamp = "2006-01-02 15:04:05.000"

// parse turns the body of a message into a row and its partition.
func parse(body string) (row, partition, error) {
	var r row
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return r, partition{}, err
	}
	if r.OrderID == "" || r.Action == "" {
		return r, partition{}, errors.New("order_id and action are needed")
	}
	at, err := time.Parse(time.RFC3339, r.OrderedAt)
	if err != nil {
		return r, partition{}, fmt.Errorf("ordered_at: %w", err)
	}
	r.OrderedAt = at.UTC().Format(hiveTimestamp)
	day := at.In(seoul)
	return r, partition{day.Format("2006"), day.Format("01"), day.Format("02")}, nil
}
