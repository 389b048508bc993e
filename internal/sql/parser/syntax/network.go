package syntax

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed sqlbase.txt
var table string

// Types of states in an ATN, as ANTLR numbers them.
const (
	ruleStart      = 2
	blockStart     = 3
	plusBlockStart = 4
	starBlockStart = 5
	ruleStop       = 7
	blockEnd       = 8
	starLoopBack   = 9
	starLoopEntry  = 10
	plusLoopBack   = 11
	loopEnd        = 12
)

// Types of transitions in an ATN, as ANTLR numbers them.
const (
	epsilonMove    = 1
	rangeMove      = 2
	ruleMove       = 3
	atomMove       = 5
	actionMove     = 6
	setMove        = 7
	precedenceMove = 10
)

// tokenEOF is the type of the end of the text.
const tokenEOF = -1

// tokenSet is a set of token types; bit 0 is the end of the text.
type tokenSet [6]uint64

func (s *tokenSet) add(token int)      { s[(token+1)>>6] |= 1 << ((token + 1) & 63) }
func (s *tokenSet) has(token int) bool { return s[(token+1)>>6]&(1<<((token+1)&63)) != 0 }

// union adds the tokens of other and tells whether that changed anything.
func (s *tokenSet) union(other *tokenSet) bool {
	before := *s
	for i := range s {
		s[i] |= other[i]
	}
	return before != *s
}

// move is a transition.
type move struct {
	kind       int
	target     int
	tokens     tokenSet // of atomMove, rangeMove and setMove
	rule       int      // of ruleMove
	precedence int      // of ruleMove and precedenceMove
	follow     int      // of ruleMove: where to go on after the rule
}

func (m *move) reads() bool { return m.kind == atomMove || m.kind == rangeMove || m.kind == setMove }

// state is a state; decision is -1 where there is none.
type state struct {
	kind     int
	rule     int
	loopBack int // of starLoopEntry: the state at the end of the loop
	decision int
	moves    []move
}

// network is the automaton of the grammar and what is derived from it.
type network struct {
	raw      []int32
	states   []state
	starts   []int // of rules
	stops    []int // of rules
	rules    map[string]int
	adaptive map[int]bool   // decisions with more than one token of lookahead
	words    map[string]int // types of keywords and symbols
	classes  map[Class]int  // types of all others
	display  []string       // of token types, from 1
	maxToken int
	// look is the tokens that can come next from each state, within its rule;
	// through tells that the rule can end without one.
	look    []tokenSet
	through []bool
	// after is the tokens that can follow each rule.
	after []tokenSet
}

// sqlBase is Trino's grammar. A broken table is a defect of the build.
var sqlBase = sync.OnceValue(func() *network {
	lines := strings.SplitN(table, "\n", 4)
	n := &network{rules: make(map[string]int), adaptive: make(map[int]bool), words: make(map[string]int), classes: make(map[Class]int)}
	for i, name := range strings.Fields(lines[0]) {
		n.rules[name] = i
	}
	n.display = append([]string{""}, strings.Fields(lines[1])...)
	for i, name := range n.display {
		if word, ok := strings.CutPrefix(name, "'"); ok {
			n.words[strings.TrimSuffix(word, "'")] = i
		} else {
			n.classes[Class(name)] = i
		}
	}
	for _, number := range strings.Fields(lines[2]) {
		n.adaptive[atoi(number)] = true
	}
	for _, number := range strings.Fields(lines[3]) {
		n.raw = append(n.raw, int32(atoi(number)))
	}
	n.decode()
	n.analyze()
	return n
})

func atoi(text string) int {
	v, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("sqlbase.txt: %v", err))
	}
	return v
}

// reader goes over the serialized automaton.
type reader struct{ rest []int32 }

func (r *reader) next() int {
	v := int(r.rest[0])
	r.rest = r.rest[1:]
	return v
}

// skip goes past a list of n-tuples that begins with its length.
func (r *reader) skip(n int) {
	for range r.next() * n {
		r.next()
	}
}

// decode reads ANTLR's serialization, version 4.
func (n *network) decode() {
	r := &reader{n.raw}
	r.next() // version
	r.next() // a parser's
	n.maxToken = r.next()
	n.states = make([]state, r.next())
	for i := range n.states {
		s := &n.states[i]
		s.decision = -1
		if s.kind = r.next(); s.kind == 0 {
			continue
		}
		s.rule = r.next()
		switch s.kind {
		case blockStart, plusBlockStart, starBlockStart, loopEnd:
			r.next()
		}
	}
	r.skip(1) // states that are not greedy
	r.skip(1) // rules with precedence
	n.starts = make([]int, r.next())
	for i := range n.starts {
		n.starts[i] = r.next()
	}
	r.skip(1) // modes
	n.decodeMoves(r, n.decodeSets(r))
	for decision := range r.next() {
		n.states[r.next()].decision = decision
	}
}

func (n *network) decodeSets(r *reader) []tokenSet {
	sets := make([]tokenSet, r.next())
	for i := range sets {
		intervals := r.next()
		if r.next() != 0 {
			sets[i].add(tokenEOF)
		}
		for range intervals {
			from, to := r.next(), r.next()
			for t := from; t <= to; t++ {
				sets[i].add(t)
			}
		}
	}
	return sets
}

func (n *network) decodeMoves(r *reader, sets []tokenSet) {
	for range r.next() {
		from := r.next()
		m := move{target: r.next(), kind: r.next()}
		a, b, c := r.next(), r.next(), r.next()
		switch m.kind {
		case epsilonMove, actionMove:
		case ruleMove:
			m.follow, m.target = m.target, a
			m.rule, m.precedence = b, c
		case precedenceMove:
			m.precedence = a
		case atomMove:
			m.tokens.add(map[bool]int{true: tokenEOF, false: a}[c != 0])
		case setMove:
			m.tokens = sets[a]
		case rangeMove:
			for t := a; t <= b; t++ {
				m.tokens.add(t)
			}
		default:
			panic(fmt.Sprintf("sqlbase.txt: transition of type %d", m.kind))
		}
		n.states[from].moves = append(n.states[from].moves, m)
	}
	n.stops = make([]int, len(n.starts))
	for i, s := range n.states {
		switch s.kind {
		case starLoopBack:
			n.states[s.moves[0].target].loopBack = i
		case ruleStop:
			n.stops[s.rule] = i
		}
	}
	// As ANTLR does, rules' ends lead to where they were called from.
	for i := range n.states {
		for _, m := range slices.Clone(n.states[i].moves) {
			if m.kind == ruleMove {
				end := &n.states[n.stops[m.rule]]
				end.moves = append(end.moves, move{kind: epsilonMove, target: m.follow})
			}
		}
	}
}

// analyze derives look, through and after.
func (n *network) analyze() {
	n.look = make([]tokenSet, len(n.states))
	n.through = make([]bool, len(n.states))
	for changed := true; changed; {
		changed = false
		for i := len(n.states) - 1; i >= 0; i-- {
			changed = n.lookFrom(i) || changed
		}
	}
	n.after = make([]tokenSet, len(n.starts))
	for changed := true; changed; {
		changed = false
		for _, s := range n.states {
			for _, m := range s.moves {
				if m.kind != ruleMove {
					continue
				}
				changed = n.after[m.rule].union(&n.look[m.follow]) || changed
				if n.through[m.follow] {
					changed = n.after[m.rule].union(&n.after[s.rule]) || changed
				}
			}
		}
	}
}

// lookFrom adds to what is known of one state and tells whether that changed
// anything.
func (n *network) lookFrom(i int) bool {
	s := &n.states[i]
	if s.kind == ruleStop {
		changed := !n.through[i]
		n.through[i] = true
		return changed
	}
	changed := false
	for k := range s.moves {
		m := &s.moves[k]
		next := m.target
		switch {
		case m.reads():
			changed = n.look[i].union(&m.tokens) || changed
			continue
		case m.kind == ruleMove:
			changed = n.look[i].union(&n.look[next]) || changed
			if !n.through[next] {
				continue
			}
			next = m.follow
		}
		changed = n.look[i].union(&n.look[next]) || changed
		if n.through[next] && !n.through[i] {
			n.through[i], changed = true, true
		}
	}
	return changed
}
