// Package credentials knows who may call scops: the one pair of root keys in
// DATA/credentials and the temporary keys that STS issued.
//
// It must not know HTTP or signatures. The gateway, the S3 service and STS
// look keys up in its Keyring; `scops env` prints the root pair.
package credentials
