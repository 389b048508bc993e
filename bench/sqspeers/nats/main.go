// Command nats is NATS JetStream as a peer of sqspeers: a server in its own
// process, with streams in files and a sync of each message before it is
// acknowledged (sync_interval: always). It is a module of its own so that scops
// does not depend on it.
//
//	nats ADDRESS FOLDER
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nats:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: nats ADDRESS FOLDER")
	}
	host, port, err := net.SplitHostPort(args[0])
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{
		Host: host, Port: number, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: args[1], SyncAlways: true,
	})
	if err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	s.Start()
	<-stop
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}
