package functions

const bitwiseFamily = "bitwise"

var bitwises = []Function{
	bitwise("bitwise_and", "Bits set in both.", "($1 & $2)"),
	bitwise("bitwise_or", "Bits set in one or both.", "($1 | $2)"),
	bitwise("bitwise_xor", "Bits set in one.", "xor($1, $2)"),
	{Name: "bitwise_not", Doc: "Bits inverted.", Example: "bitwise_not(5) = -6",
		Sigs: []Signature{{Text: "(bigint) -> bigint", Emit: T("(~$1)")}}},
	{Name: "bit_count", Doc: "Number of set bits in two's complement of n bits.", Example: "bit_count(-1, 8) = 8",
		Sigs: []Signature{{Text: "(bigint, bigint) -> bigint", Emit: T("scops_bit_count($1, $2)")}}},
	{Name: "bitwise_left_shift", Doc: "Bits moved to the left.", Example: "bitwise_left_shift(1, 2) = 4", Sigs: shifts("left")},
	{Name: "bitwise_right_shift", Doc: "Bits moved to the right, zeros from the left.", Example: "bitwise_right_shift(-8, 1)", Sigs: shifts("right")},
	{Name: "bitwise_right_shift_arithmetic", Doc: "Bits moved to the right, the sign from the left.", Example: "bitwise_right_shift_arithmetic(-8, 1) = -4", Sigs: shifts("arithmetic")},
}

func bitwise(name, doc, template string) Function {
	return Function{Name: name, Doc: doc, Example: name + "(5, 3)",
		Sigs: []Signature{{Text: "(bigint, bigint) -> bigint", Emit: T(template)}}}
}

// shifts are the signatures of a shift.
func shifts(direction string) []Signature {
	var out []Signature
	for _, t := range []struct{ name, bits string }{{"tinyint", "8"}, {"smallint", "16"}, {"integer", "32"}, {"bigint", "64"}} {
		out = append(out, Signature{Text: "(" + t.name + ", integer) -> " + t.name,
			Emit: toReturn("scops_shift_" + direction + "(CAST($1 AS BIGINT), $2, " + t.bits + ")")})
	}
	return out
}
