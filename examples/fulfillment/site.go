package main

import (
	"crypto/rand"
	"embed"
	"html/template"
	"log"
	"net/http"
	"slices"
	"strconv"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

var (
	districts     = []string{"강남구", "강서구", "관악구", "마포구", "서초구", "송파구", "종로구"}
	deliveryTypes = []string{"same-day", "dawn", "standard", "pickup"}
	products      = []string{"apples", "bread", "coffee", "eggs", "rice"}
)

// maxQuantity of one order.
const maxQuantity = 100

// seoul is the zone of the service: its partitions follow it.
var seoul = time.FixedZone("KST", 9*60*60)

// site serves the pages.
type site struct {
	events     *events
	statistics *statistics
	now        func() time.Time
}

func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.shop)
	mux.HandleFunc("POST /orders", s.order)
	mux.HandleFunc("GET /statistics", s.show)
	return mux
}

// shop shows the products; looking at them is an event too.
func (s *site) shop(w http.ResponseWriter, r *http.Request) {
	err := s.events.send(r.Context(), event{OrderID: rand.Text(), Action: "visit", OrderedAt: s.timestamp()})
	if err != nil {
		s.fail(w, err)
		return
	}
	s.render(w, "shop.html", map[string]any{
		"Districts": districts, "DeliveryTypes": deliveryTypes, "Products": products, "MaxQuantity": maxQuantity, "Ordered": r.URL.Query().Get("ordered"),
	})
}

func (s *site) order(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	quantity, err := strconv.Atoi(r.FormValue("quantity"))
	e := event{
		OrderID: rand.Text(), Action: "order", OrderedAt: s.timestamp(),
		District: r.FormValue("district"), DeliveryType: r.FormValue("delivery_type"), ProductName: r.FormValue("product"),
		Quantity: quantity,
	}
	if err != nil || quantity < 1 || quantity > maxQuantity || !slices.Contains(districts, e.District) ||
		!slices.Contains(deliveryTypes, e.DeliveryType) || !slices.Contains(products, e.ProductName) {
		http.Error(w, "that is not an order", http.StatusBadRequest)
		return
	}
	if err := s.events.send(r.Context(), e); err != nil {
		s.fail(w, err)
		return
	}
	http.Redirect(w, r, "/?ordered="+e.OrderID, http.StatusSeeOther)
}

func (s *site) show(w http.ResponseWriter, r *http.Request) {
	today := s.now().In(seoul)
	month, err := time.Parse("2006-01", r.URL.Query().Get("month"))
	if err != nil {
		month = today
	}
	breakdowns, err := s.statistics.month(r.Context(), month.Format("2006"), month.Format("01"))
	if err != nil {
		s.fail(w, err)
		return
	}
	s.render(w, "statistics.html", map[string]any{"Month": month.Format("2006-01"), "Breakdowns": breakdowns})
}

func (s *site) timestamp() string { return s.now().In(seoul).Format("2006-01-02T15:04:05.000Z07:00") }

func (s *site) render(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := pages.ExecuteTemplate(w, page, data); err != nil {
		log.Print(err)
	}
}

func (s *site) fail(w http.ResponseWriter, err error) {
	log.Print(err)
	http.Error(w, "the service has a problem; try again", http.StatusBadGateway)
}
