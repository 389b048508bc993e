package syntax

import "fmt"

// Explain says why Trino rejects a statement: the index of the token that the
// error stands at, and the message. tokens end with one of type End. ok is
// false where Trino's grammar takes the statement, or where the message would
// take too long.
func Explain(tokens []Token) (at int, message string, ok bool) {
	return explain("singleStatement", tokens)
}

// ExplainExpression does the same for a single expression.
func ExplainExpression(tokens []Token) (at int, message string, ok bool) {
	return explain("standaloneExpression", tokens)
}

func explain(rule string, tokens []Token) (at int, message string, ok bool) {
	defer func() {
		if failure := recover(); failure != nil {
			if _, long := failure.(tooLong); !long {
				panic(failure)
			}
			at, message, ok = 0, "", false
		}
	}()
	net := sqlBase()
	s := newStream(tokens)
	p := &parse{net: net, tokens: s, texts: tokens, predictor: borrow(s), syncState: -1}
	start := net.rules[rule]
	// Trino parses with a simpler prediction first, which may read further.
	p.predictor.Interpreter.SetPredictionMode(predictionSLL)
	taken := p.run(start)
	if !taken {
		s.i = 0
		p.predictor.Interpreter.SetPredictionMode(predictionLL)
		taken = p.run(start)
	}
	p.predictor.giveBack()
	if taken {
		return 0, "", false
	}
	f := p.failure
	if f.message != "" {
		return f.offending, f.message, true
	}
	token, expected := newWalk(net, tokens, s.fetched).from(f)
	return f.offending, fmt.Sprintf("mismatched input '%s'. Expecting: %s", tokens[token].Text, expected), true
}
