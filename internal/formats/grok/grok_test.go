package grok

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/javaregex"
)

func TestBuiltInPatterns(t *testing.T) {
	matches := map[string][]string{
		"INT": {"-12"}, "NUMBER": {"1.5", "-.5"}, "BASE16NUM": {"0xFF"}, "POSINT": {"12"}, "WORD": {"a_1"}, "UUID": {"550e8400-e29b-41d4-a716-446655440000"},
		"QUOTEDSTRING": {`"a\"b"`, `''`}, "MAC": {"00:1A:2b:3c:4d:5e", "001A.2b3c.4d5e"}, "IP": {"10.0.0.1", "fe80::1", "::ffff:10.0.0.1"}, "HOSTNAME": {"a.example.com"}, "IPORHOST": {"10.0.0.1"},
		"HOSTPORT": {"example.com:80"}, "UNIXPATH": {"/a/b c"[:4]}, "WINPATH": {`C:\a\b`}, "URI": {"https://u:p@example.com:8080/a?b=c"}, "MONTH": {"Jan", "September"},
		"TIMESTAMP_ISO8601": {"2021-02-03T04:05:06Z", "2017-09-12 12:10:34,972"}, "HTTPDATE": {"17/May/2015:10:05:03 +0000"}, "SYSLOGTIMESTAMP": {"Feb  9 07:15:00"}, "LOGLEVEL": {"INFO", "|lert", "warning"},
		"DATESTAMP_RFC822": {"Mon Jan 02 2006 15:04:05 PST"}, "DATESTAMP_EVENTLOG": {"20060102150405"}, "TTY": {"/dev/pts/0"},
	}
	for name := range builtInPatterns() {
		p, err := Compile("%{"+name+"}", "")
		if name == "COMMONAPACHELOG_DATATYPED" { // has a date
			require.ErrorContains(t, err, `type "date`)
			continue
		}
		require.NoError(t, err, name)
		m := p.Regexp.NewMatcher()
		for _, text := range matches[name] {
			ok, err := m.Matches([]byte(text))
			require.NoError(t, err)
			require.True(t, ok, "%s %s", name, text)
		}
	}
	require.Equal(t, 72, len(builtInPatterns()))
}

func TestCompile(t *testing.T) {
	for _, c := range []struct {
		format, custom string
		keys           []string
	}{
		{"%{WORD:a} %{INT} %{NUMBER:b}", "", []string{"a", "b"}},
		{"%{SYSLOGBASE} %{POSTFIX_QUEUEID:queue_id}: %{GREEDYDATA:syslog_message}", "POSTFIX_QUEUEID [0-9A-F]{7,12}", []string{"timestamp", "facility", "priority", "logsource", "program", "pid", "queue_id", "syslog_message"}},
		{"%{COMBINEDAPACHELOG}", "", []string{"clientip", "ident", "auth", "timestamp", "verb", "request", "httpversion", "rawrequest", "response", "bytes", "referrer", "agent"}},
		{"%{ONE:x}-%{TWO:y}", "ONE 1\n# comment\nTWO %{ONE}2\n", []string{"x", "y"}},
		{"%{POSINT:pid:int} %{WORD: padded} %{NEW:n=[a-z]}", "", []string{"pid", " padded", "n"}},
		{"%{A:k}", "A (?<inner>x)|y", []string{"k", "inner"}},
		{"(?:%{INT:k}|%{WORD:k})", "", []string{"k"}},
	} {
		p, err := Compile(c.format, c.custom)
		require.NoError(t, err, c.format)
		require.Equal(t, c.keys, p.Keys, c.format)
	}
	for _, c := range []struct{ format, custom, text string }{
		{" ", "", "input.format is empty"}, {"%{NOPE}", "", "pattern NOPE is not defined"}, {"%{A}", "A %{A}x", "deep recursion"},
		{"%{INT:a} %{INT:a}", "", "named capturing group <name0> is already defined"}, {"%{INT:a:date}", "", `type "date"`}, {"(?<x>a)", "", "(?<x>…)"}, {"(%{INT}", "", "unclosed group"},
	} {
		_, err := Compile(c.format, c.custom)
		require.ErrorContains(t, err, c.text, c.format)
	}
	_, err := Compile("%{INT:a:date}", "")
	require.ErrorIs(t, err, javaregex.ErrUnsupported)
}
