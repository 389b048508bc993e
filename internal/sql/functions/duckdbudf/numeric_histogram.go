package duckdbudf

import (
	"cmp"
	"container/heap"
	"database/sql/driver"
	"math"
	"sort"
)

// histogramBuffer is how many values more than buckets are collected.
const histogramBuffer = 100

// numericHistogram gives centres and weights of at most n buckets, one after
// the other. It follows Trino's NumericHistogram: values are collected until the
// buffer behind the buckets is full, then the neighbours that lie closest are
// merged.
func numericHistogram(args []driver.Value) (any, error) {
	n := args[0].(int64)
	if n < 2 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "numeric_histogram bucket count must be greater than one")
	}
	values, weights := elements[float64](args[1]), elements[float64](args[2])
	h := &histogram{limit: int(min(n, int64(len(values)+2)))}
	full := h.limit + histogramBuffer
	for i, v := range values {
		if len(h.buckets) == full {
			h.compact()
		}
		h.buckets = append(h.buckets, bucket{v, weights[i]})
	}
	h.compact()
	out := make([]float64, 0, 2*len(h.buckets))
	for _, b := range h.buckets {
		out = append(out, b.value, b.weight)
	}
	return out, nil
}

type bucket struct{ value, weight float64 }

type histogram struct {
	limit   int
	buckets []bucket
}

// compact merges equal values, then neighbours until the limit holds.
func (h *histogram) compact() {
	sortBuckets(h.buckets)
	same := h.buckets[:1]
	for _, b := range h.buckets[1:] {
		if last := &same[len(same)-1]; last.value == b.value {
			last.weight += b.weight
			continue
		}
		same = append(same, b)
	}
	h.buckets = same
	if len(same) > h.limit {
		h.buckets = mergeNeighbours(same, h.limit)
	}
}

func sortBuckets(buckets []bucket) {
	sort.SliceStable(buckets, func(i, j int) bool { return javaCompare(buckets[i].value, buckets[j].value) < 0 })
}

// javaCompare is Double.compare: NaN is greatest and -0.0 less than 0.0.
func javaCompare(a, b float64) int {
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return cmp.Compare(truth(math.IsNaN(a)), truth(math.IsNaN(b)))
	case a == b:
		return cmp.Compare(truth(math.Signbit(b)), truth(math.Signbit(a)))
	}
	return cmp.Compare(a, b)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// node is a bucket in the queue, linked to its neighbours.
type node struct {
	bucket
	id          int
	penalty     float64
	left, right *node
	gone        bool
}

func newNode(id int, b bucket, left, right *node) *node {
	n := &node{bucket: b, id: id, left: left, right: right, penalty: math.Inf(1)}
	if right != nil {
		right.left = n
		w := b.weight + right.weight
		d := (b.value - right.value) * (b.value - right.value)
		n.penalty = w * d * ((b.weight * right.weight) / (w * w))
	}
	if left != nil {
		left.right = n
	}
	return n
}

type nodeQueue []*node

func (q nodeQueue) Len() int      { return len(q) }
func (q nodeQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *nodeQueue) Push(x any)   { *q = append(*q, x.(*node)) }
func (q *nodeQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
func (q nodeQueue) Less(i, j int) bool {
	if c := javaCompare(q[i].penalty, q[j].penalty); c != 0 {
		return c < 0
	}
	return q[i].id < q[j].id
}

func mergeNeighbours(sorted []bucket, limit int) []bucket {
	queue := make(nodeQueue, 0, len(sorted))
	var right *node
	for i := len(sorted) - 1; i >= 0; i-- {
		right = newNode(i, sorted[i], nil, right)
		queue = append(queue, right)
	}
	heap.Init(&queue)
	for count := len(sorted); count > limit; {
		current := heap.Pop(&queue).(*node)
		if current.gone {
			continue
		}
		if current.right == nil { // only NaN penalties are behind the last bucket
			break
		}
		count--
		next := current.right
		weight := current.weight + next.weight
		value := (current.value*current.weight + next.value*next.weight) / weight
		next.gone = true
		left := current.left
		merged := newNode(current.id, bucket{value, weight}, nil, next.right)
		heap.Push(&queue, merged)
		if left != nil {
			left.gone = true
			heap.Push(&queue, newNode(left.id, left.bucket, left.left, merged))
		}
	}
	var out []bucket
	for _, n := range queue {
		if !n.gone {
			out = append(out, n.bucket)
		}
	}
	sortBuckets(out)
	return out
}
