package lambda

import "strings"

// maxTags is how many tags a function may have.
const maxTags = 50

// checkTags holds tags to AWS's rules.
func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalid("Number of tags exceeds resource tag limit.")
	}
	for key, v := range tags {
		switch {
		case key == "" || len([]rune(key)) > 128 || strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key %q is not allowed.", key)
		case len([]rune(v)) > 256:
			return invalid("The value of the tag %q is longer than 256 characters.", key)
		}
	}
	return nil
}
