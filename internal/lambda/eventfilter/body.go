package eventfilter

// Body is the data of an event that is either plain text or JSON: an object or
// an array. A pattern with an object in its place matches JSON only, one with an
// array of rules matches plain text only, as
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html says.
type Body struct {
	text   string
	parsed any
	done   bool
}

// NewBody returns the body for an event. It is parsed once, when a pattern
// looks at it; it is not for several goroutines at a time.
func NewBody(text string) *Body { return &Body{text: text} }

// json returns the object or array that the body is, else nil.
func (b *Body) json() any {
	if b.done {
		return b.parsed
	}
	b.done = true
	v, err := decode([]byte(b.text))
	if err != nil {
		return nil
	}
	switch v.(type) {
	case map[string]any, []any:
		b.parsed = v
	}
	return b.parsed
}
