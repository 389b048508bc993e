package syntax

import "github.com/antlr4-go/antlr/v4"

// frame is a rule that is being read.
type frame struct {
	parent     *frame
	rule       int
	invoking   int // the state that called the rule; -1 of the first
	precedence int
	context    antlr.ParserRuleContext
}

// failure is where the parse ended: ANTLR's RecognitionException.
type failure struct {
	state     int
	frame     *frame
	start     int    // the token from which to look for what was expected
	offending int    // the token that the error stands at
	message   string // an error that the automaton does not know; "" otherwise
}

// parse is a run of the generated parser over a text.
type parse struct {
	net       *network
	tokens    *stream
	texts     []Token
	predictor *predictor
	frame     *frame
	state     int
	failure   *failure
	// syncState and syncFrame are nextTokensState and nextTokensContext of
	// ANTLR's DefaultErrorStrategy.
	syncState int
	syncFrame *frame
}

// run reads the whole text as a rule and tells whether it fits.
func (p *parse) run(rule int) bool {
	p.failure = nil
	p.frame = nil
	p.predictor.precedence = p.predictor.precedence[:0]
	p.call(rule, -1, 0)
	came := -1 // the state before
	for at := p.net.starts[rule]; ; {
		s := &p.net.states[at]
		p.state = at
		if s.kind == ruleStop {
			if !p.checkName(s.rule) {
				return false
			}
			if at = p.leave(); at < 0 {
				return true
			}
			continue
		}
		alternative := p.choose(at, came)
		if p.failure != nil {
			return false
		}
		came = at
		m := &s.moves[alternative-1]
		p.state = at
		at = m.target
		switch {
		case m.kind == ruleMove:
			p.call(m.rule, p.state, m.precedence)
		case m.reads():
			if !p.match(&m.tokens) {
				return false
			}
		}
	}
}

// call begins a rule.
func (p *parse) call(rule, invoking, precedence int) {
	var parent antlr.ParserRuleContext
	if p.frame != nil {
		parent = p.frame.context
	}
	context := antlr.NewBaseParserRuleContext(parent, invoking)
	p.frame = &frame{parent: p.frame, rule: rule, invoking: invoking, precedence: precedence, context: context}
	p.predictor.SetParserRuleContext(context)
	p.predictor.precedence = append(p.predictor.precedence, precedence)
}

// leave ends a rule and returns the state that follows, or -1 after the first.
func (p *parse) leave() int {
	ended := p.frame
	p.frame = ended.parent
	if ended.invoking < 0 {
		return -1
	}
	p.predictor.SetParserRuleContext(p.frame.context)
	p.predictor.precedence = p.predictor.precedence[:len(p.predictor.precedence)-1]
	p.state = ended.invoking
	return p.net.states[ended.invoking].moves[0].follow
}

// choose returns the alternative to take from a state, from 1, or fails.
func (p *parse) choose(at, came int) int {
	s := &p.net.states[at]
	if len(s.moves) == 1 && s.kind != plusBlockStart {
		return 1
	}
	p.sync(at, came)
	if p.failure != nil || len(s.moves) == 1 {
		return 1
	}
	if !p.net.adaptive[s.decision] {
		return p.chooseByToken(s)
	}
	alternative, offending := p.predictor.predict(s.decision, p.frame.context)
	if alternative <= 0 {
		p.fail(p.state, p.frame, p.tokens.Index(), offending)
	}
	return alternative
}

// chooseByToken takes the alternative that the next token begins. Loops and
// optional parts end where none fits.
func (p *parse) chooseByToken(s *state) int {
	la := p.tokens.LA(1)
	for i := range s.moves {
		if p.begins(&s.moves[i], la) {
			return i + 1
		}
	}
	last := &p.net.states[s.moves[len(s.moves)-1].target]
	if s.kind == starLoopEntry || s.kind == plusLoopBack || last.kind == blockEnd {
		return len(s.moves)
	}
	p.fail(p.state, p.frame, p.tokens.Index(), p.tokens.Index())
	return 0
}

// begins tells whether a token can be the first of a way.
func (p *parse) begins(m *move, token int) bool {
	if m.reads() {
		return m.tokens.has(token)
	}
	if p.net.look[m.target].has(token) {
		return true
	}
	if !p.net.through[m.target] {
		return false
	}
	rule := p.net.states[m.target].rule
	if m.kind == ruleMove {
		return p.begins(&move{kind: epsilonMove, target: m.follow}, token)
	}
	return p.net.after[rule].has(token)
}

// sync is ANTLR's check, before a decision, that the next token can follow.
func (p *parse) sync(at, came int) {
	if p.net.states[at].kind == starLoopEntry && came == p.net.states[at].loopBack && came >= 0 {
		at = came
	}
	p.state = at
	la := p.tokens.LA(1)
	switch {
	case p.net.look[at].has(la):
		p.syncFrame, p.syncState = nil, -1
		return
	case p.net.through[at]:
		if p.syncFrame == nil {
			p.syncFrame, p.syncState = p.frame, at
		}
		return
	}
	switch p.net.states[at].kind {
	case blockStart, starBlockStart, plusBlockStart, starLoopEntry:
		p.tokens.LA(2)
		p.fail(at, p.frame, p.tokens.Index(), p.tokens.Index())
	case plusLoopBack, starLoopBack:
		p.fail(at, p.frame, p.tokens.Index(), p.tokens.Index())
	}
}

// match goes past a token that must be one of a set.
func (p *parse) match(tokens *tokenSet) bool {
	if tokens.has(p.tokens.LA(1)) {
		p.tokens.advance()
		return true
	}
	state, frame := p.state, p.frame
	if p.syncFrame != nil {
		state, frame = p.syncState, p.syncFrame
	}
	p.fail(state, frame, p.tokens.Index(), p.tokens.Index())
	return false
}

func (p *parse) fail(state int, f *frame, start, offending int) {
	p.failure = &failure{state: state, frame: f, start: start, offending: offending}
}

// checkName makes the checks of names that Trino makes while it parses.
func (p *parse) checkName(rule int) bool {
	if rule != p.net.rules["identifier"] {
		return true
	}
	i := p.tokens.Index() - 1
	message := ""
	switch t := p.texts[i]; {
	case t.Type == p.net.classes[Quoted] && len(t.Text) == 2:
		message = "Zero-length delimited identifier not allowed"
	case t.Type == p.net.classes[Backquoted]:
		message = "backquoted identifiers are not supported; use double quotes to quote identifiers"
	case t.Type == p.net.classes[DigitIdentifier]:
		message = "identifiers must not start with a digit; surround the identifier with double quotes"
	default:
		return true
	}
	p.failure = &failure{offending: i, message: message}
	return false
}
