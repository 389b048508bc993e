// Package restjson is the REST-JSON protocol of AWS (restJson1): it finds the
// operation of a method and path, fills an operation's input from path, query,
// headers and body, and says what an answer consists of.
//
// Where members lie is data (awsapi.Route). Bodies are those of awsjson. It
// must not know services, signatures or connections.
package restjson
