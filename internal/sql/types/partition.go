package types

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// HiveDefaultPartition is the text of NULL as a partition value.
const HiveDefaultPartition = "__HIVE_DEFAULT_PARTITION__"

// partitionParsers read the text of partition values by kind.
var partitionParsers = map[Kind]func(Type, string) (any, error){
	Varchar:   func(_ Type, s string) (any, error) { return s, nil },
	Char:      parseChar,
	TinyInt:   func(_ Type, s string) (any, error) { return parseInt(s, 8) },
	SmallInt:  func(_ Type, s string) (any, error) { return parseInt(s, 16) },
	Integer:   func(_ Type, s string) (any, error) { return parseInt(s, 32) },
	BigInt:    func(_ Type, s string) (any, error) { return parseInt(s, 64) },
	Boolean:   parseBoolean,
	Real:      func(_ Type, s string) (any, error) { f, err := strconv.ParseFloat(s, 32); return float32(f), err },
	Double:    func(_ Type, s string) (any, error) { return strconv.ParseFloat(s, 64) },
	Decimal:   parseDecimal,
	Date:      func(_ Type, s string) (any, error) { return time.Parse(time.DateOnly, s) },
	Timestamp: parseTimestamp,
}

// ParsePartitionValue reads a partition value as it stands in a path or in the
// catalog. NULL (HiveDefaultPartition) is nil.
func ParsePartitionValue(t Type, text string) (any, error) {
	if text == HiveDefaultPartition {
		return nil, nil
	}
	parse, ok := partitionParsers[t.Kind]
	if !ok {
		return nil, fmt.Errorf("type %s cannot be a partition key", t)
	}
	v, err := parse(t, text)
	if err != nil {
		return nil, fmt.Errorf("invalid partition value '%s' for %s", text, t)
	}
	return v, nil
}

func parseInt(s string, bits int) (any, error) { return strconv.ParseInt(s, 10, bits) }

func parseChar(t Type, s string) (any, error) {
	n := len([]rune(s))
	if n > t.Precision {
		return nil, fmt.Errorf("longer than %d", t.Precision)
	}
	return s + strings.Repeat(" ", t.Precision-n), nil
}

func parseBoolean(_ Type, s string) (any, error) {
	switch strings.ToLower(s) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, fmt.Errorf("not a boolean")
}

func parseTimestamp(_ Type, s string) (any, error) {
	for _, layout := range []string{time.DateTime, time.DateOnly} {
		if v, err := time.Parse(layout, s); err == nil {
			return v, nil
		}
	}
	return nil, fmt.Errorf("not a timestamp")
}

// parseDecimal reads digits with at most the type's digits after the point.
func parseDecimal(t Type, s string) (any, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > t.Scale {
		return nil, fmt.Errorf("more than %d digits after the point", t.Scale)
	}
	digits := whole + fraction + strings.Repeat("0", t.Scale-len(fraction))
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok || strings.ContainsAny(digits, "_") {
		return nil, fmt.Errorf("not a decimal")
	}
	if len(new(big.Int).Abs(n).String()) > t.Precision {
		return nil, fmt.Errorf("more than %d digits", t.Precision)
	}
	return NewDecimal(n), nil
}
