// Command queues measures what queues cost that nobody uses: memory and disk of
// messages that wait, and memory and processor time of empty queues.
package main
