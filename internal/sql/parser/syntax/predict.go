package syntax

import (
	"sync"

	"github.com/antlr4-go/antlr/v4"
)

// runtimeNetwork is the automaton as ANTLR's runtime has it.
var runtimeNetwork = sync.OnceValue(func() *antlr.ATN {
	return antlr.NewATNDeserializer(nil).Deserialize(sqlBase().raw)
})

// The modes of prediction.
const (
	predictionSLL = antlr.PredictionModeSLL
	predictionLL  = antlr.PredictionModeLL
)

// Bounds of the work for one message. What a token costs a prediction grows with
// how deep it nests since the prediction began, unless the runtime has met the
// same before: so a token counts for as many units as there were new ones before
// it.
const (
	maxDepth = 120
	maxCost  = 40000
)

// tooLong is the panic that ends a parse that takes too long.
type tooLong struct{}

// predictor asks ANTLR's runtime which alternative of a decision to take.
type predictor struct {
	*antlr.BaseParser
	tokens     *stream
	precedence []int
	// decisions are what the runtime has met at each decision.
	decisions []*antlr.DFA
}

// GetPrecedence and Precpred are asked by the runtime.
func (p *predictor) GetPrecedence() int {
	if len(p.precedence) == 0 {
		return -1
	}
	return p.precedence[len(p.precedence)-1]
}

func (p *predictor) Precpred(_ antlr.RuleContext, precedence int) bool {
	return precedence >= p.GetPrecedence()
}

// predictors are kept, for what the runtime has met once it need not work out
// again.
var predictors = sync.Pool{New: func() any { return newPredictor() }}

// maxKept bounds the states that a predictor may remember and still be kept.
const maxKept = 20000

// borrow gives a predictor for a text.
func borrow(tokens *stream) *predictor {
	p := predictors.Get().(*predictor)
	p.tokens = tokens
	p.SetTokenStream(tokens)
	p.SetError(nil)
	return p
}

// giveBack keeps a predictor for another text.
func (p *predictor) giveBack() {
	known := 0
	for _, d := range p.decisions {
		known += d.Len()
	}
	if known <= maxKept {
		p.tokens = nil
		predictors.Put(p)
	}
}

func newPredictor() *predictor {
	atn := runtimeNetwork()
	p := &predictor{BaseParser: antlr.NewBaseParser(newStream(nil))}
	decisions := make([]*antlr.DFA, len(atn.DecisionToState))
	for i, s := range atn.DecisionToState {
		decisions[i] = antlr.NewDFA(s, i)
	}
	p.decisions = decisions
	p.Interpreter = antlr.NewParserATNSimulator(p, atn, decisions, antlr.NewPredictionContextCache())
	p.RemoveErrorListeners()
	p.AddErrorListener(&fullContext{antlr.NewDefaultErrorListener(), p})
	return p
}

// predict returns the alternative, from 1, or 0 and the token that fits none.
func (p *predictor) predict(decision int, context antlr.ParserRuleContext) (alternative, offending int) {
	p.SetError(nil)
	p.tokens.begin(p.decisions[decision])
	alternative = p.Interpreter.AdaptivePredict(p.BaseParser, p.tokens, decision, context)
	if p.GetError() == nil {
		return alternative, 0
	}
	p.SetError(nil)
	// Having met the offending token the runtime goes back to the first, and then
	// once more on its way out.
	return 0, p.tokens.beforeSeek[0]
}

// fullContext notes that a decision needs its context, which the runtime does not
// remember.
type fullContext struct {
	*antlr.DefaultErrorListener
	predictor *predictor
}

// ReportAttemptingFullContext is called by the runtime.
func (f *fullContext) ReportAttemptingFullContext(antlr.Parser, *antlr.DFA, int, int, *antlr.BitSet, *antlr.ATNConfigSet) {
	f.predictor.tokens.full = true
	f.predictor.tokens.depth = 0
}

// stream is tokens as ANTLR's runtime reads them. It notes how far it was read,
// which is how far Trino's own stream is filled.
type stream struct {
	tokens  []antlr.Token
	i       int
	fetched int
	// The work so far, and of the prediction that is under way: what the runtime
	// knew of its decision, the tokens that were new to it, and whether it looks
	// at the context.
	cost     int
	decision *antlr.DFA
	known    int
	depth    int
	full     bool
	// beforeSeek is where the stream stood before the last two seeks, the
	// older first.
	beforeSeek [2]int
}

func newStream(tokens []Token) *stream {
	s := &stream{tokens: make([]antlr.Token, len(tokens)), fetched: 1}
	source := &antlr.TokenSourceCharStreamPair{}
	for i, t := range tokens {
		own := antlr.NewCommonToken(source, t.Type, antlr.TokenDefaultChannel, 0, 0)
		own.SetTokenIndex(i)
		s.tokens[i] = own
	}
	return s
}

func (s *stream) at(i int) int {
	i = min(i, len(s.tokens)-1)
	s.fetched = max(s.fetched, i+1)
	return i
}

// Consume and the others are antlr.TokenStream.
func (s *stream) Consume() {
	s.advance()
	if known := s.decision.Len(); s.full || known > s.known {
		s.known = known
		s.depth++
		s.cost += s.depth
	}
	if s.depth > maxDepth || s.cost > maxCost {
		panic(tooLong{})
	}
}

// begin begins a prediction.
func (s *stream) begin(decision *antlr.DFA) {
	s.decision, s.known, s.depth, s.full = decision, decision.Len(), 0, false
}

// advance goes past a token for good.
func (s *stream) advance() { s.i = s.at(s.i + 1) }

func (s *stream) LA(k int) int { return s.LT(k).GetTokenType() }

func (s *stream) LT(k int) antlr.Token {
	if k < 0 {
		return s.tokens[max(s.i+k, 0)]
	}
	return s.tokens[s.at(s.i+k-1)]
}

func (s *stream) Seek(i int) {
	s.beforeSeek = [2]int{s.beforeSeek[1], s.i}
	s.i = i
}

func (s *stream) Index() int                                        { return s.i }
func (s *stream) Get(i int) antlr.Token                             { return s.tokens[i] }
func (s *stream) Size() int                                         { return len(s.tokens) }
func (s *stream) Mark() int                                         { return 0 }
func (s *stream) Release(int)                                       {}
func (s *stream) Reset()                                            {}
func (s *stream) GetSourceName() string                             { return "" }
func (s *stream) GetTokenSource() antlr.TokenSource                 { return nil }
func (s *stream) SetTokenSource(antlr.TokenSource)                  {}
func (s *stream) GetAllText() string                                { return "" }
func (s *stream) GetTextFromInterval(antlr.Interval) string         { return "" }
func (s *stream) GetTextFromRuleContext(antlr.RuleContext) string   { return "" }
func (s *stream) GetTextFromTokens(antlr.Token, antlr.Token) string { return "" }
