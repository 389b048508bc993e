package duckdbudf

import (
	"database/sql/driver"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// longestFormat bounds width and precision.
const longestFormat = 1 << 16

// format is Java's Formatter, as Trino's format calls it. The arguments behind
// the text are values as functions.formatArgument writes them: a letter for
// the Java class and the value's text.
func format(a []driver.Value) (any, error) {
	f := formatter{in: a[0].(string)}
	for _, arg := range a[1:] {
		text := arg.(string)
		f.args = append(f.args, formatArg{class: text[0], text: text[1:]})
	}
	err := f.run()
	return f.out.String(), err
}

// formatArg is a value of a Java class: N null, b Boolean, i Long, d Double, f
// Float, n BigDecimal, s String, D LocalDate, T LocalDateTime, Z ZonedDateTime,
// C LocalTime.
type formatArg struct {
	class byte
	text  string
}

type formatter struct {
	in       string
	args     []formatArg
	out      strings.Builder
	ordinary int // next argument of those without an index
	last     int // index of the argument before, for %<s
}

// spec is a format specifier: %[index$][flags][width][.precision]conversion.
type spec struct {
	index      int // -1 for the argument before, 0 for the next
	flags      string
	width      int // -1 where there is none
	precision  int // -1 where there is none
	date       bool
	conversion byte
	upper      bool
}

func (s *spec) has(flag byte) bool { return strings.IndexByte(s.flags, flag) >= 0 }

func (f *formatter) wrong(what string) error {
	return failure("INVALID_FUNCTION_ARGUMENT", "Invalid format string: %s (%s)", f.in, what)
}

func (f *formatter) run() error {
	f.last = -1
	for rest := f.in; ; {
		text, after, found := strings.Cut(rest, "%")
		f.out.WriteString(text)
		if !found {
			return nil
		}
		s, n, ok := parseSpec(after)
		if !ok {
			return f.wrong("UnknownFormatConversion: Conversion = '%'")
		}
		rest = after[n:]
		if s.width > longestFormat || s.precision > longestFormat {
			return failure("NOT_SUPPORTED", "A width or precision of more than %d is not supported", longestFormat)
		}
		if err := f.one(s); err != nil {
			return err
		}
	}
}

// parseSpec reads what is behind a percent sign, and how long it is.
func parseSpec(text string) (s spec, n int, ok bool) {
	s = spec{width: -1, precision: -1}
	digits := func() int {
		start := n
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		v, err := strconv.Atoi(text[start:n])
		if err != nil && n > start {
			return longestFormat + 1
		}
		return v
	}
	if index := digits(); n > 0 && n < len(text) && text[n] == '$' {
		s.index = index
		n++
	} else {
		n = 0
	}
	for n < len(text) && strings.IndexByte("-#+ 0,(<", text[n]) >= 0 {
		if text[n] == '<' {
			s.index = -1
		}
		s.flags += text[n : n+1]
		n++
	}
	if start := n; true {
		if w := digits(); n > start {
			s.width = w
		}
	}
	if n+1 < len(text) && text[n] == '.' && text[n+1] >= '0' && text[n+1] <= '9' {
		n++
		s.precision = digits()
	}
	if n+1 < len(text) && (text[n] == 't' || text[n] == 'T') && isLetter(text[n+1]) {
		s.date, s.upper = true, text[n] == 'T'
		s.conversion = text[n+1]
		return s, n + 2, true
	}
	if n >= len(text) || !isLetter(text[n]) && text[n] != '%' {
		return s, n, false
	}
	s.conversion = text[n]
	return s, n + 1, true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func (f *formatter) one(s spec) error {
	for i := range len(s.flags) {
		if strings.IndexByte(s.flags[i+1:], s.flags[i]) >= 0 {
			return f.wrong("DuplicateFormatFlags: Flags = '" + s.flags + "'")
		}
	}
	if s.date {
		return f.withArgument(s, (*formatter).dateTime)
	}
	if strings.IndexByte("BHSCXEGA", s.conversion) >= 0 {
		s.upper = true
		s.conversion += 'a' - 'A'
	}
	switch s.conversion {
	case 'b', 'h', 's', 'c':
		return f.withArgument(s, (*formatter).general)
	case 'd', 'o', 'x':
		return f.withArgument(s, (*formatter).integral)
	case 'e', 'f', 'g', 'a':
		return f.withArgument(s, (*formatter).floating)
	case 'n':
		if s.width >= 0 || s.precision >= 0 || s.flags != "" {
			return f.wrong("IllegalFormat: %n")
		}
		f.out.WriteByte('\n')
		return nil
	case '%':
		if s.precision >= 0 || strings.Trim(s.flags, "-<") != "" || s.has('-') && s.width < 0 {
			return f.wrong("IllegalFormat: %%")
		}
		f.justify(s, "%")
		return nil
	}
	return f.wrong("UnknownFormatConversion: Conversion = '" + string(s.conversion) + "'")
}

// withArgument finds the argument of a specifier and formats it.
func (f *formatter) withArgument(s spec, print func(*formatter, spec, formatArg) error) error {
	switch {
	case s.index > 0:
		f.last = s.index - 1
	case s.index == 0:
		f.last = f.ordinary
		f.ordinary++
	}
	if f.last < 0 || f.last >= len(f.args) {
		return f.wrong("MissingFormatArgument")
	}
	return print(f, s, f.args[f.last])
}

// mismatch is the error of a flag that a conversion does not take.
func (f *formatter) mismatch(s spec, bad string) error {
	for i := range len(bad) {
		if s.has(bad[i]) {
			return f.wrong("FormatFlagsConversionMismatch: Conversion = " + string(s.conversion) + ", Flags = " + bad[i:i+1])
		}
	}
	if s.has('-') && s.width < 0 {
		return f.wrong("MissingFormatWidth: %-" + string(s.conversion))
	}
	return nil
}

func (f *formatter) general(s spec, arg formatArg) error {
	bad := "+ 0,("
	if s.conversion != 's' {
		bad += "#"
	}
	if err := f.mismatch(s, bad); err != nil {
		return err
	}
	text := ""
	switch s.conversion {
	case 'b':
		text = strconv.FormatBool(arg.class != 'N' && (arg.class != 'b' || arg.text == "true"))
	case 's':
		if s.has('#') {
			return f.wrong("FormatFlagsConversionMismatch: Conversion = s, Flags = #")
		}
		text = arg.String()
	case 'c':
		if s.precision >= 0 || arg.class != 'N' {
			return f.illegal(s, arg)
		}
		text = "null"
	case 'h':
		hash, ok := arg.hash()
		if !ok {
			return failure("NOT_SUPPORTED", "The conversion %%h is not supported for this type")
		}
		if text = "null"; arg.class != 'N' {
			text = strconv.FormatUint(uint64(uint32(hash)), 16)
		}
	}
	if units := utf16.Encode([]rune(text)); s.precision >= 0 && s.precision < len(units) {
		text = string(utf16.Decode(units[:s.precision]))
	}
	f.justify(s, text)
	return nil
}

// illegal is the error of a conversion that does not take the argument's class.
func (f *formatter) illegal(s spec, arg formatArg) error {
	return f.wrong("IllegalFormatConversion: " + string(s.conversion) + " != " + string(arg.class))
}

// justify writes a text in its width, in upper case where the conversion is.
func (f *formatter) justify(s spec, text string) {
	if s.upper {
		text = cases.Upper(language.Und).String(text)
	}
	blanks := strings.Repeat(" ", max(0, s.width-len(utf16.Encode([]rune(text)))))
	if s.has('-') {
		f.out.WriteString(text + blanks)
		return
	}
	f.out.WriteString(blanks + text)
}

// hash is Java's hashCode.
func (a formatArg) hash() (int32, bool) {
	long := func(bits uint64) int32 { return int32(uint32(bits ^ bits>>32)) }
	switch a.class {
	case 'N':
		return 0, true
	case 'b':
		if a.text == "true" {
			return 1231, true
		}
		return 1237, true
	case 'i':
		n, _ := strconv.ParseInt(a.text, 10, 64)
		return long(uint64(n)), true
	case 'd':
		v, _ := strconv.ParseFloat(a.text, 64)
		return long(math.Float64bits(v)), true
	case 's':
		h := int32(0)
		for _, u := range utf16.Encode([]rune(a.text)) {
			h = 31*h + int32(u)
		}
		return h, true
	}
	return 0, false
}
