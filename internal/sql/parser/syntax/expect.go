package syntax

import (
	"maps"
	"slices"
	"strings"
)

// specialRules are named in a list instead of what they begin with.
var specialRules = map[string]string{
	"expression":        "<expression>",
	"booleanExpression": "<expression>",
	"valueExpression":   "<expression>",
	"primaryExpression": "<expression>",
	"predicate":         "<predicate>",
	"identifier":        "<identifier>",
	"string":            "<string>",
	"query":             "<query>",
	"type":              "<type>",
}

// maxWalk bounds the steps of a walk.
const maxWalk = 2000000

// place is a state before a token.
type place struct{ state, token int }

// step is a place of a walk that is not done yet. What a special rule stands for
// is suppressed.
type step struct {
	place
	suppressed bool
}

// walk follows every way that the tokens allow from a state, and notes what the
// ways that got furthest would have taken.
type walk struct {
	net      *network
	tokens   []Token
	last     int      // no token from here on is taken: Trino has not read it yet
	special  []string // of rules, "" for those that are not
	furthest int
	names    map[string]bool // of what was expected at furthest
	expected tokenSet        // tokens that were
	memo     map[place][]int
	steps    int
}

func newWalk(net *network, tokens []Token, fetched int) *walk {
	w := &walk{net: net, tokens: tokens, last: fetched - 1, furthest: -1, special: make([]string, len(net.starts)),
		names: make(map[string]bool), memo: make(map[place][]int)}
	for name, shown := range specialRules {
		w.special[net.rules[name]] = shown
	}
	return w
}

// from walks from a failure and returns the token that cannot be taken and what
// was expected there, as a list in order.
func (w *walk) from(f *failure) (token int, expected string) {
	start := w.net.starts[w.net.states[f.state].rule]
	at := f.state
	if w.reaches(start, at) {
		at = start
	}
	ends := w.process(step{place{at, f.start}, false}, 0)
	for frame := f.frame; len(ends) > 0 && frame.invoking >= 0; frame = frame.parent {
		follow := w.net.states[frame.invoking].moves[0].follow
		all := make(map[int]bool)
		for _, end := range sorted(ends) {
			for _, e := range w.process(step{place{follow, end}, false}, 0) {
				all[e] = true
			}
		}
		ends = ends[:0:0]
		for e := range all {
			ends = append(ends, e)
		}
	}
	return w.furthest, strings.Join(w.list(), ", ")
}

// list is the names of what was expected, in order.
func (w *walk) list() []string {
	for t := tokenEOF; t <= w.net.maxToken; t++ {
		switch {
		case !w.expected.has(t):
		case t == tokenEOF:
			w.names["<EOF>"] = true
		case t == w.net.classes[Integer]:
			w.names["<integer>"] = true
		default:
			w.names[w.net.display[t]] = true
		}
	}
	return slices.Sorted(maps.Keys(w.names))
}

func sorted(numbers []int) []int {
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	return numbers
}

// reaches tells whether a state can be reached from another without a token.
func (w *walk) reaches(from, to int) bool {
	seen := make([]bool, len(w.net.states))
	for todo := []int{from}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at == to {
			return true
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		for i := range w.net.states[at].moves {
			if m := &w.net.states[at].moves[i]; !m.reads() {
				todo = append(todo, m.target)
			}
		}
	}
	return false
}

// process walks through one rule and returns the tokens at which it can end.
func (w *walk) process(start step, precedence int) []int {
	if ends, ok := w.memo[start.place]; ok {
		return ends
	}
	var ends []int
	known := make(map[int]bool)
	for todo := []step{start}; len(todo) > 0; {
		now := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if w.steps++; w.steps > maxWalk {
			panic(tooLong{})
		}
		s := &w.net.states[now.state]
		switch s.kind {
		case ruleStart:
			if shown := w.special[s.rule]; shown != "" {
				if !now.suppressed && w.note(now.token) {
					w.names[shown] = true
				}
				now.suppressed = true
			}
		case ruleStop:
			if !known[now.token] {
				known[now.token] = true
				ends = append(ends, now.token)
			}
			continue
		}
		for i := range s.moves {
			todo = w.follow(&s.moves[i], now, precedence, todo)
		}
	}
	w.memo[start.place] = ends
	return ends
}

// follow adds what a move leads to.
func (w *walk) follow(m *move, now step, precedence int, todo []step) []step {
	switch {
	case m.kind == ruleMove:
		for _, end := range w.process(step{place{m.target, now.token}, now.suppressed}, m.precedence) {
			// That a token's number is compared with a type is Trino's.
			suppressed := now.suppressed && w.tokens[end].Index == w.tokens[now.token].Type
			todo = append(todo, step{place{m.follow, end}, suppressed})
		}
		return todo
	case m.kind == precedenceMove && precedence >= m.precedence:
		return todo
	case !m.reads():
		return append(todo, step{place{m.target, now.token}, now.suppressed})
	case m.tokens.has(w.tokens[now.token].Type) && now.token < w.last:
		return append(todo, step{place{m.target, now.token + 1}, false})
	case !now.suppressed:
		if w.note(now.token) {
			w.expected.union(&m.tokens)
		}
	}
	return todo
}

// note tells whether what is expected at a token is worth noting: no way got
// further. It forgets what was expected before.
func (w *walk) note(token int) bool {
	if token > w.furthest {
		clear(w.names)
		w.expected = tokenSet{}
		w.furthest = token
	}
	return token == w.furthest
}
