package event

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Rejection is why an event cannot become a record.
type Rejection struct {
	Column   string // path of the value, "items[3].price"; "" where the body itself is at fault
	Expected string // type of the column
	Found    string // what was there
	Detail   string // why it does not fit, where that is not plain
	Offset   int    // byte offset in the body
	syntax   bool
}

// Error is one sentence for the error record.
func (r *Rejection) Error() string {
	switch {
	case r.syntax:
		return fmt.Sprintf("invalid JSON at byte %d: expected %s, found %s", r.Offset, r.Expected, r.Found)
	case r.Column == "":
		return r.Detail
	}
	s := fmt.Sprintf("column %s: expected %s, found %s", r.Column, r.Expected, r.Found)
	if r.Detail != "" {
		s += " (" + r.Detail + ")"
	}
	return s
}

func (r *Rejection) in(path string) *Rejection {
	if r.syntax || r.Expected == "" {
		return r
	}
	if r.Column != "" && r.Column[0] != '[' {
		path += "."
	}
	r.Column = path + r.Column
	return r
}

const quotedMax = 64 // bytes of a value that a reason quotes

func quoted(s string) string {
	cut := ""
	if len(s) > quotedMax {
		n := quotedMax
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s, cut = s[:n], "…"
	}
	return strconv.Quote(s) + cut
}

func shortened(s string) string {
	if len(s) > quotedMax {
		return s[:quotedMax] + "…"
	}
	return s
}
