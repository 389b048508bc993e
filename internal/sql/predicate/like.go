package predicate

// MatchLike says whether s matches the LIKE pattern; ok is false where the
// pattern is not valid (an escape that escapes nothing), which is an error in
// the query. escape is 0 without an ESCAPE clause: then backslash is an
// ordinary character.
func MatchLike(s, pattern string, escape rune) (match, ok bool) {
	toks, ok := likeTokens(pattern, escape)
	if !ok {
		return false, false
	}
	return matchTokens([]rune(s), toks), true
}

type likeToken struct {
	char rune
	kind byte // 'c' this character, '_' any one, '%' any number
}

func likeTokens(pattern string, escape rune) ([]likeToken, bool) {
	var toks []likeToken
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			if r != '%' && r != '_' && r != escape {
				return nil, false
			}
			toks = append(toks, likeToken{r, 'c'})
			escaped = false
		case escape != 0 && r == escape:
			escaped = true
		case r == '%' || r == '_':
			toks = append(toks, likeToken{kind: byte(r)})
		default:
			toks = append(toks, likeToken{r, 'c'})
		}
	}
	return toks, !escaped
}

// matchTokens is the usual two-pointer match that goes back to the last %.
func matchTokens(s []rune, toks []likeToken) bool {
	i, j, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(toks) && toks[j].kind == '%':
			star, mark = j, i
			j++
		case j < len(toks) && (toks[j].kind == '_' || toks[j].char == s[i]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(toks) && toks[j].kind == '%' {
		j++
	}
	return j == len(toks)
}
