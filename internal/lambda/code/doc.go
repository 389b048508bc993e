// Package code keeps the deployment packages of functions: zip archives under
// the hash of their bytes, and their files unpacked for processes to run.
//
// It owns its folder of archives, which is durable, and a folder of unpacked
// files, which can be made again. It holds archives to Lambda's limits and to
// paths inside of their own folder. It must not know functions.
package code
