package crawler

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// The parts of the lines of Apache's access logs. Java's regular expressions, by
// which queries read them, and Go's understand them alike.
const (
	commonLog = `(\S+) (\S+) (\S+) \[([^\]]+)\] "(?:(\w+) (\S+)(?: HTTP/(\d+(?:\.\d+)?))?|(.*?))" (\d+) (?:(\d+)|-)`
	quoted    = ` ("(?:[^"\\]|\\.)*")`
)

// apacheLogs are the access logs of Apache, the longer form first: lines, and the
// names that Glue's grok patterns give to their parts.
var apacheLogs = []struct {
	class, line string
	compiled    *regexp.Regexp
	columns     string
}{
	{classCombinedApache, commonLog + quoted + quoted, regexp.MustCompile("^(?:" + commonLog + quoted + quoted + ")$"), commonColumns + " referrer agent"},
	{classApache, commonLog, regexp.MustCompile("^(?:" + commonLog + ")$"), commonColumns},
}

const commonColumns = "clientip ident auth timestamp verb request httpversion rawrequest response bytes"

// apacheShape recognises Apache's access logs. Glue's tables over them have the
// Grok SerDe, which gives the columns those parts of a line that are there, so
// that a line without a size has the referrer in its place. The Regex SerDe
// gives NULL for what is missing.
func apacheShape(_ []byte, lines []string) (shape, bool) {
	for _, log := range apacheLogs {
		good := 0
		for _, line := range lines {
			if log.compiled.MatchString(line) {
				good++
			}
		}
		if good == 0 || good*10 < len(lines)*9 {
			continue
		}
		out := shape{class: log.class, regex: log.line}
		for name := range strings.FieldsSeq(log.columns) {
			out.columns = append(out.columns, formats.Field{Name: name, Type: stringType})
		}
		return out, true
	}
	return shape{}, false
}

var cloudTrailStart = regexp.MustCompile(`^\s*\{\s*"Records"\s*:\s*\[\s*\{[^{}]*"event(?:Version|Time|Source|Name)"\s*:`)

// cloudTrailColumns are those that Athena's documentation gives to tables over
// CloudTrail's logs.
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-org-wide-trail.html
const cloudTrailColumns = `struct<eventversion:string,useridentity:struct<type:string,principalid:string,arn:string,accountid:string,` +
	`invokedby:string,accesskeyid:string,username:string,onbehalfof:struct<userid:string,identitystorearn:string>,` +
	`sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,` +
	`sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,ec2roledelivery:string,` +
	`webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>,eventtime:string,eventsource:string,` +
	`eventname:string,awsregion:string,sourceipaddress:string,useragent:string,errorcode:string,errormessage:string,` +
	`requestparameters:string,responseelements:string,additionaleventdata:string,requestid:string,eventid:string,` +
	`resources:array<struct<arn:string,accountid:string,type:string>>,eventtype:string,apiversion:string,readonly:string,` +
	`recipientaccountid:string,serviceeventdetails:string,sharedeventid:string,vpcendpointid:string,vpcendpointaccountid:string,` +
	`eventcategory:string,addendum:struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>,` +
	`sessioncredentialfromconsole:string,edgedevicedetails:string,` +
	`tlsdetails:struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>>`

// cloudTrailShape recognises the files of AWS CloudTrail: one document with all
// records.
func cloudTrailShape(content []byte, _ []string) (shape, bool) {
	if !bytes.Contains(content, []byte(`"Records"`)) || !cloudTrailStart.Match(content) {
		return shape{}, false
	}
	t, err := formats.ParseType(cloudTrailColumns)
	if err != nil {
		return unrecognised(err.Error()), true
	}
	return shape{class: classCloudTrail, columns: t.Fields}, true
}
