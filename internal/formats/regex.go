package formats

import (
	"errors"

	"github.com/scopsdb/scops/internal/javaregex"
)

// SerDeRegex reads with a regular expression.
const (
	SerDeRegex        = "org.apache.hadoop.hive.serde2.RegexSerDe"
	serDeContribRegex = "org.apache.hadoop.hive.contrib.serde2.RegexSerDe"
)

// RegexOptions are those of the two Regex SerDes.
type RegexOptions struct {
	Pattern    string // of java.util.regex; a line must match as a whole
	IgnoreCase bool
	// Contrib is Hive's older class, which knows only strings.
	Contrib bool
}

// regexParams say how lines are read; output.format.string is of writing.
var regexParams = []string{"input.regex", "input.regex.case.insensitive", "output.format.string"}

func regexOptions(p map[string]string, contrib bool) (RegexOptions, error) {
	pattern, ok := p["input.regex"]
	if !ok || pattern == "" {
		return RegexOptions{}, unsupported("SerDe property input.regex is missing")
	}
	o := RegexOptions{Pattern: pattern, IgnoreCase: isTrue(p["input.regex.case.insensitive"]), Contrib: contrib}
	_, err := o.compile()
	return o, err
}

func (o RegexOptions) compile() (*javaregex.Regexp, error) {
	re, err := javaregex.Compile(o.Pattern, javaregex.Options{IgnoreCase: o.IgnoreCase, DotAll: true})
	if err != nil {
		return nil, unsupported("SerDe property input.regex: %v", err)
	}
	return re, nil
}

// regexDecoder reads lines as RegexSerDe does: the groups are the columns in
// order. A line that does not match is a row of NULLs, a group that took no part
// or is not there is NULL, and so is what is no value of the column's type.
// https://docs.aws.amazon.com/athena/latest/ug/regex-serde.html
type regexDecoder struct {
	columns []Column
	groups  int
	matcher *javaregex.Matcher
}

func newRegexDecoder(o RegexOptions, columns []Column) (*regexDecoder, error) {
	re, err := o.compile()
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		if len(c.Type.Fields) > 0 || c.Type.Kind == Binary || o.Contrib && c.Type.Kind != String {
			return nil, unsupported("column %s: type %s is not supported by the Regex SerDe", c.Name, c.Type)
		}
	}
	return &regexDecoder{columns: columns, groups: re.Groups(), matcher: re.NewMatcher()}, nil
}

// Decode implements RowDecoder.
func (d *regexDecoder) Decode(line []byte, out []*Vector) error {
	line = validText(line)
	matches, err := d.matcher.Matches(line)
	if err != nil {
		return err
	}
	for i, c := range d.columns {
		if !matches || c.Index >= d.groups {
			out[i].appendNull()
			continue
		}
		from, to := d.matcher.Group(c.Index + 1)
		if from < 0 {
			out[i].appendNull()
			continue
		}
		if err := plainValue(line[from:to], out[i]); err != nil {
			return fieldError(c.Name, err)
		}
	}
	return nil
}

// plainValue appends what Java's own readers make of a text: NULL of what is no
// value of the type. But a boolean that is neither true nor false is an error,
// where Hive takes every other word for false.
func plainValue(b []byte, v *Vector) error {
	err := javaValue(b, v)
	if errors.Is(err, errNotBoolean) {
		return err
	}
	if err != nil {
		v.appendNull()
	}
	return nil
}

func javaValue(b []byte, v *Vector) error {
	switch v.Type.Kind {
	case String, Varchar, Char:
		appendString(v, b)
		return nil
	case Boolean:
		return appendBoolean(v, b)
	case TinyInt, SmallInt, Int, BigInt:
		n, err := parseInt64(b)
		if err == nil && !intRange(v.Type.Kind, n) {
			err = errOutOfRange
		}
		return appendOr(err, b, v, n)
	case Float, Double:
		f, err := parseFloat(b, 8*v.Type.Width())
		if err == nil {
			v.appendFloat(f)
		}
		return err
	case Decimal:
		return appendDecimal(v, b)
	case Date:
		n, err := parseDate(b)
		return appendOr(err, b, v, n)
	}
	n, err := parseTimestamp(b)
	return appendOr(err, b, v, n)
}
