package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAliasesAreRefused: twelve lines of them would take more memory than there is.
func TestAliasesAreRefused(t *testing.T) {
	bomb := "a0: &a0 [x, x]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9))
	}
	_, err := Parse([]byte(bomb))
	require.ErrorContains(t, err, "[2:10] an alias (*) is not supported")
	_, err = Parse([]byte("region: \"a * b\" # *x\n"))
	require.NoError(t, err, "an asterisk in a text is none")
	_, err = Parse(make([]byte, maxText+1))
	require.ErrorContains(t, err, "longer than")
}
