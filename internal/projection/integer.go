package projection

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// integers is a range of whole numbers, both ends included.
type integers struct {
	first, step int64
	count       uint64
	digits      int  // least digits, with zeros in front; 0 for none
	asText      bool // the key is text, whose order is that of the characters
}

func readInteger(c column, t types.Type, _ instant) (sequence, error) {
	if !t.IsString() && !t.IsInteger() {
		return nil, unsupportedType(c.name, t)
	}
	bounds, err := c.required(rangeProperty)
	if err != nil {
		return nil, err
	}
	var ends []int64
	for part := range strings.SplitSeq(bounds, ",") {
		n, err := parseLong(part)
		if err != nil {
			return nil, err
		}
		ends = append(ends, n)
	}
	if len(ends) != 2 || ends[0] > ends[1] {
		return nil, invalid(c.name, "Property: 'projection.%s.range' needs to be list of 2 integers, the least first: '%s'", c.name, bounds)
	}
	for _, n := range ends {
		if _, err := types.ParsePartitionValue(t, strconv.FormatInt(n, 10)); err != nil && t.IsInteger() {
			return nil, invalid(c.name, "Property: 'projection.%s.range' value '%s' is beyond the column's type %s", c.name, bounds, t)
		}
	}
	s := integers{first: ends[0], step: 1, asText: t.IsString()}
	if s.step, _, err = c.positive(intervalProperty, math.MaxInt64); err != nil {
		return nil, err
	}
	digits, given, err := c.positive(digitsProperty, maxDigits)
	if err != nil {
		return nil, err
	}
	if given {
		s.digits = int(digits)
	}
	distance := (uint64(ends[1]) - uint64(ends[0])) / uint64(s.step)
	if distance == math.MaxUint64 {
		return nil, invalid(c.name, "Property: 'projection.%s.range' value '%s' has too many values", c.name, bounds)
	}
	s.count = distance + 1
	return s, nil
}

// maxDigits bounds projection.<column>.digits: a value has at most 1,024 bytes.
const maxDigits = 1000

// parseLong reads a number as Java does, which also words the error.
func parseLong(s string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0, fail(errTableProperty, "For input string: \"%s\"", strings.TrimSpace(s))
	}
	return n, nil
}

// positive reads a property that is a positive integer, 1 where it is not given.
func (c column) positive(property string, most int64) (n int64, given bool, err error) {
	v, ok := c.get(property)
	if !ok {
		return 1, false, nil
	}
	if n, err = parseLong(v); err != nil {
		return 0, true, err
	}
	if n < 1 || n > most {
		return 0, true, invalid(c.name, "Property: 'projection.%s.%s' value '%s' is invalid: it needs to be a positive integer", c.name, property, v)
	}
	return n, true, nil
}

func (s integers) length() uint64 { return s.count }

func (s integers) number(i uint64) int64 { return int64(uint64(s.first) + i*uint64(s.step)) }

func (s integers) at(i uint64) text {
	v := strconv.FormatInt(s.number(i), 10)
	if len(v) < s.digits {
		v = fmt.Sprintf("%0*d", s.digits, s.number(i))
	}
	return text{v, v}
}

func (s integers) find(value string) (uint64, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < s.first {
		return 0, false
	}
	distance := uint64(n) - uint64(s.first)
	i := distance / uint64(s.step)
	if i >= s.count || distance%uint64(s.step) != 0 {
		return 0, false
	}
	return i, s.at(i).value == value
}

// runs are all places for a key of numbers. Texts of one length are in order,
// those of negative numbers the other way round.
func (s integers) runs() []run {
	if !s.asText {
		return []run{{from: 0, to: s.count}}
	}
	var out []run
	for from := uint64(0); from < s.count; {
		to := s.sameLength(from)
		out = append(out, run{from: from, to: to, falling: s.number(from) < 0})
		from = to
	}
	return out
}

// sameLength is the place after the last number whose text is as long, and of
// the same sign, as that of a place.
func (s integers) sameLength(from uint64) uint64 {
	length, negative := len(s.at(from).value), s.number(from) < 0
	return firstPlace(from, s.count, func(i uint64) bool {
		return len(s.at(i).value) != length || s.number(i) < 0 != negative
	})
}
