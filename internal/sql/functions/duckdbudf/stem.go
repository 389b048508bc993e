package duckdbudf

import (
	"database/sql/driver"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

var stemmers = map[string]func(*snowballstem.Env) bool{
	"da": danish.Stem, "nl": dutch.Stem, "en": english.Stem, "fi": finnish.Stem, "fr": french.Stem,
	"de": german.Stem, "hu": hungarian.Stem, "ir": irish.Stem, "it": italian.Stem, "no": norwegian.Stem,
	"pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "es": spanish.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// otherStemmers are Trino's languages for which the library has none.
var otherStemmers = map[string]bool{"ca": true, "eu": true, "hy": true, "lt": true}

// wordStem is the Snowball stem of a word in a language.
func wordStem(a []driver.Value) (any, error) {
	word, language := a[0].(string), a[1].(string)
	stem := stemmers[language]
	if stem == nil && otherStemmers[language] {
		return nil, failure("NOT_SUPPORTED", "Stems of language %s are not supported", language)
	}
	if stem == nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Unknown stemmer language: %s", language)
	}
	env := snowballstem.NewEnv(word)
	stem(env)
	return env.Current(), nil
}
