package types

// Text is a value as Athena prints it in results, or false for NULL.
func Text(t Type, v any) (string, bool) {
	if v == nil {
		return "", false
	}
	return string(AppendText(nil, t, v)), true
}
