package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// Districts are the 25 districts (구) of Seoul.
var Districts = []string{
	"강남구", "강동구", "강북구", "강서구", "관악구", "광진구", "구로구", "금천구", "노원구",
	"도봉구", "동대문구", "동작구", "마포구", "서대문구", "서초구", "성동구", "성북구", "송파구",
	"양천구", "영등포구", "용산구", "은평구", "종로구", "중구", "중랑구",
}

// DeliveryTypes are the ways an order reaches its customer.
var DeliveryTypes = []string{"same-day", "dawn", "standard", "pickup"}

const (
	products  = 200
	days      = 31
	seed      = 2021
	firstYear = 2021
)

// seoul is the zone of the orders' times; the partitions follow it.
var seoul = time.FixedZone("KST", 9*60*60)

// Order is one event, as the fulfilment service sends it.
type Order struct {
	OrderID      string `json:"order_id"`
	OrderedAt    string `json:"ordered_at"` // ISO 8601 with Seoul's offset
	District     string `json:"district"`
	DeliveryType string `json:"delivery_type"`
	ProductName  string `json:"product_name"`
	Quantity     int    `json:"quantity"`
	Price        int    `json:"price"` // won
}

// Counts are the statistics of a set of orders.
type Counts map[string]int64

// Book is what was sent, counted while it was made.
type Book struct {
	Total                                    int64
	ByDistrict, ByDelivery, ByProduct, ByDay Counts
}

// Generator makes orders, always the same for one count.
type Generator struct {
	random *rand.Rand
	next   int
	Book   Book
}

// NewGenerator starts a sequence of orders.
func NewGenerator() *Generator {
	return &Generator{
		random: rand.New(rand.NewPCG(seed, seed)),
		Book:   Book{ByDistrict: Counts{}, ByDelivery: Counts{}, ByProduct: Counts{}, ByDay: Counts{}},
	}
}

// Next returns the next order's JSON and counts it.
func (g *Generator) Next() []byte {
	o := g.order()
	g.Book.Total++
	g.Book.ByDistrict[o.District]++
	g.Book.ByDelivery[o.DeliveryType]++
	g.Book.ByProduct[o.ProductName]++
	g.Book.ByDay[o.OrderedAt[:len("2006-01-02")]]++
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // an Order always marshals
	}
	return text
}

func (g *Generator) order() Order {
	g.next++
	r := g.random
	product := skewed(r, products)
	at := time.Date(firstYear, time.March, 1, 0, 0, 0, 0, seoul).
		Add(time.Duration(r.Int64N(int64(days * 24 * time.Hour)))).Truncate(time.Millisecond)
	return Order{
		OrderID:      fmt.Sprintf("o-%08d", g.next),
		OrderedAt:    at.Format("2006-01-02T15:04:05.000Z07:00"),
		District:     Districts[skewed(r, len(Districts))],
		DeliveryType: DeliveryTypes[skewed(r, len(DeliveryTypes))],
		ProductName:  fmt.Sprintf("product-%03d", product+1),
		Quantity:     1 + r.IntN(5),
		Price:        (1 + product%40) * 500,
	}
}

// skewed picks from n with the first ones likelier, as real orders are.
func skewed(r *rand.Rand, n int) int { return min(r.IntN(n), r.IntN(n)) }
