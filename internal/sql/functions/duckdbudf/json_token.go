package duckdbudf

// token is a JSON token: for a scalar its whole text, decoded if a string; for
// an array or an object the bracket alone.
type token struct {
	kind byte // one of the kinds below
	text string
}

// The kinds of tokens.
const (
	jsonNull   = 'n'
	jsonTrue   = 't'
	jsonFalse  = 'f'
	jsonString = '"'
	jsonInt    = 'i'
	jsonFloat  = 'd'
	jsonArray  = '['
	jsonObject = '{'
)

// jsonWords are the tokens that are words.
var jsonWords = map[byte]string{jsonNull: "null", jsonTrue: "true", jsonFalse: "false"}

// next reads a scalar; at an array or an object it does not move.
func (s *scanner) next() (token, error) {
	c := s.peek()
	switch c {
	case jsonArray, jsonObject:
		return token{c, s.in[s.pos : s.pos+1]}, nil
	case jsonString:
		text, err := s.str()
		return token{jsonString, text}, err
	case jsonNull, jsonTrue, jsonFalse:
		word := jsonWords[c]
		return token{c, word}, s.word(word)
	}
	raw, float, err := s.number()
	if float {
		return token{jsonFloat, raw}, err
	}
	return token{jsonInt, raw}, err
}
