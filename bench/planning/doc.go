// Command planning measures what a query pays for the partitions and objects
// that its table has beside those that it reads: a query on one partition and
// Glue's and Athena's listings against tables of 1, 1,000 and 100,000
// partitions, registered and projected, the time from the start of the process
// to the first answer, and memory. Nothing of the server is imported.
package main
