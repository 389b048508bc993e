package duckdbudf

import (
	"database/sql/driver"
	"math"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

var colorUDFs = []udf{
	{name: "scops_color", in: in(text), out: integer, run: func(a []driver.Value) (any, error) { return colorOf(a[0].(string)) }},
	{name: "scops_rgb", in: in(bigint, bigint, bigint), out: integer, run: func(a []driver.Value) (any, error) {
		sum := int64(0)
		for i, name := range []string{"red", "green", "blue"} {
			v := a[i].(int64)
			if v < 0 || v > 255 {
				return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s must be between 0 and 255", name)
			}
			sum = sum<<8 | v
		}
		return int32(sum), nil
	}},
	{name: "scops_color_between", in: in(double, integer, integer), out: integer, run: func(a []driver.Value) (any, error) {
		low, high := a[1].(int32), a[2].(int32)
		if low < 0 || high < 0 {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "lowColor or highColor not a valid RGB color")
		}
		return colorBetween(float32(math.Max(0, math.Min(1, a[0].(float64)))), low, high), nil
	}},
	{name: "scops_render", in: in(text, integer), out: text, run: func(a []driver.Value) (any, error) {
		return ansiColor(a[1].(int32)) + a[0].(string) + ansiReset, nil
	}},
	{name: "scops_bar", in: in(double, bigint, integer, integer), out: text, run: bar},
}

const ansiReset = "\x1b[0m"

// colorOf reads #rgb or the name of a system color.
func colorOf(s string) (any, error) {
	if digits, ok := strings.CutPrefix(s, "#"); ok && len(digits) == 3 {
		if n, err := strconv.ParseUint(digits, 16, 16); err == nil {
			r, g, b := int32(n>>8), int32(n>>4&15), int32(n&15)
			return (r*17)<<16 | (g*17)<<8 | b*17, nil
		}
	}
	if c, ok := types.SystemColor(strings.ToLower(s)); ok {
		return int32(c), nil
	}
	return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid color: '%s'", s)
}

// ansiColor is the escape that switches a terminal to the nearest of the colors
// of its cube, or to a system color.
func ansiColor(c int32) string {
	index := -c - 1
	if c >= 0 {
		scale := func(v int32) int32 { return v & 0xff * 6 / 256 }
		index = 16 + scale(c>>16)*36 + scale(c>>8)*6 + scale(c)
	}
	return "\x1b[38;5;" + strconv.Itoa(int(index)) + "m"
}

const longestBar = 1 << 16

func bar(a []driver.Value) (any, error) {
	percent, width, low, high := a[0].(float64), a[1].(int64), a[2].(int32), a[3].(int32)
	if width > longestBar {
		return nil, failure("NOT_SUPPORTED", "A bar of more than %d characters is not supported", longestBar)
	}
	filled := percent * float64(width)
	count := int64(0)
	if !math.IsNaN(filled) {
		count = max(0, min(width, int64(math.Max(math.MinInt32, math.Min(math.MaxInt32, filled)))))
	}
	if count > 0 && (low < 0 || high < 0) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "color is not a valid rgb value")
	}
	var b strings.Builder
	for i := range count {
		b.WriteString(ansiColor(colorBetween(float32(float64(i)/float64(width-1)), low, high)) + "\u2588")
	}
	b.WriteString(ansiReset + strings.Repeat(" ", int(max(0, width-count))))
	return b.String(), nil
}

// colorBetween goes from one color to another in hue, saturation and brightness,
// in the single precision of java.awt.Color.
func colorBetween(fraction float32, low, high int32) int32 {
	from, to := hsb(low), hsb(high)
	var at [3]float32
	for i := range at {
		at[i] = float32(fraction*(to[i]-from[i])) + from[i]
	}
	return rgbOf(at[0], at[1], at[2])
}

func hsb(c int32) [3]float32 {
	r, g, b := c>>16&0xff, c>>8&0xff, c&0xff
	most, least := max(r, g, b), min(r, g, b)
	brightness := float32(most) / 255
	if most == least {
		return [3]float32{0, 0, brightness}
	}
	span := float32(most - least)
	saturation := span / float32(most)
	away := func(v int32) float32 { return float32(most-v) / span }
	var hue float32
	switch most {
	case r:
		hue = away(b) - away(g)
	case g:
		hue = 2 + away(r) - away(b)
	default:
		hue = 4 + away(g) - away(r)
	}
	if hue /= 6; hue < 0 {
		hue++
	}
	return [3]float32{hue, saturation, brightness}
}

func rgbOf(hue, saturation, brightness float32) int32 {
	level := func(v float32) int32 { return int32(float32(v*255) + 0.5) }
	if saturation == 0 {
		v := level(brightness)
		return v<<16 | v<<8 | v
	}
	h := (hue - float32(math.Floor(float64(hue)))) * 6
	f := h - float32(math.Floor(float64(h)))
	p := level(brightness * (1 - saturation))
	q := level(brightness * (1 - float32(saturation*f)))
	t := level(brightness * (1 - float32(saturation*(1-f))))
	v := level(brightness)
	parts := [6][3]int32{{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}}
	c := parts[int(h)%6]
	return c[0]<<16 | c[1]<<8 | c[2]
}
