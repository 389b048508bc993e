package main

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/bench/rig"
)

// against times calls for each number of partitions, round by round, and
// prints their milliseconds and what they cost beside the fewest.
func (s *server) against(what string, call func(n int) error) error {
	times := make([][]float64, len(s.partitions))
	const calls = 20
	for round := range s.rounds + 1 {
		for i, n := range s.partitions {
			var all []float64
			for range calls {
				ms, err := timed(func() error { return call(n) })
				if err != nil {
					return fmt.Errorf("%s of %d: %w", what, n, err)
				}
				all = append(all, ms)
			}
			if round > 0 { // the first is for memory to be filled
				times[i] = append(times[i], rig.Median(all))
			}
		}
	}
	for i, n := range s.partitions {
		fmt.Printf("| %s | %d | %s | %s |\n", what, n, rig.Spread(times[i]), rig.Ratios(times[i], times[0]))
	}
	return nil
}

func (s *server) expect(sql, want string) error {
	got, err := s.query(sql)
	if err == nil && !strings.Contains(got, want) {
		err = fmt.Errorf("%s answers %s", sql, got)
	}
	return err
}

func (s *server) queries() error {
	fmt.Println("| call | partitions | p50 ms | times that of the fewest |\n| --- | --- | --- | --- |")
	one := func(table string) func(n int) error {
		return func(n int) error {
			day, part, _ := partition(n, n/2)
			return s.expect(fmt.Sprintf("SELECT count(*) AS rows FROM %s%d WHERE day = '%s' AND part = %d", table, n, day, part), s.rows(n))
		}
	}
	byPart := func(n int) error {
		return s.expect(fmt.Sprintf("SELECT count(*) AS rows FROM t%d WHERE part = %d", n, n/2), s.rows(n))
	}
	if err := s.against("query of one partition", one("t")); err != nil {
		return err
	}
	if err := s.against("query of one partition, by the last key", byPart); err != nil {
		return err
	}
	return s.against("query of one projected partition", one("p"))
}

// rows is the answer of a count of one partition.
func (s *server) rows(n int) string {
	if n == s.partitions[len(s.partitions)-1] {
		return fmt.Sprint(max(1, s.objects/n))
	}
	return "1"
}

func (s *server) listings() error {
	if err := s.against("GetPartitions with an expression that leaves one", func(n int) error {
		_, part, _ := partition(n, n/2)
		answer, err := s.glue("GetPartitions", map[string]any{"DatabaseName": "lake", "TableName": fmt.Sprintf("t%d", n), "Expression": fmt.Sprintf("part = %d", part)})
		if err == nil && strings.Count(string(answer), "CreationTime") != 1 {
			err = fmt.Errorf("not one partition: %.300s", answer)
		}
		return err
	}); err != nil {
		return err
	}
	return s.against("SHOW PARTITIONS of one", func(n int) error {
		day, part, folder := partition(n, n/2)
		_, name, _ := strings.Cut(folder, "/")
		return s.expect(fmt.Sprintf("SHOW PARTITIONS t%d PARTITION (day = '%s', part = %d)", n, day, part), name)
	})
}

// cold times the start of the process, on the same folder, until it has
// answered a query of one partition.
func (s *server) cold() error {
	fmt.Println("\n| the first query is of | from the start of the process to its answer, ms |\n| --- | --- |")
	for _, table := range []string{"none", "t", "p"} {
		for _, n := range s.partitions {
			if table == "none" && n > 1 {
				continue
			}
			var all []float64
			for range s.rounds {
				if err := s.Pause(); err != nil {
					return err
				}
				s.c.Close()
				ms, err := timed(func() error { return s.first(table, n) })
				if err != nil {
					return err
				}
				all = append(all, ms)
			}
			name := map[string]string{"none": "SELECT 1", "t": fmt.Sprintf("one of %d partitions", n), "p": fmt.Sprintf("one of %d projected partitions", n)}[table]
			fmt.Printf("| %s | %s |\n", name, rig.Spread(all))
		}
	}
	memory, err := s.Memory("VmRSS")
	fmt.Printf("\nResident memory after the last: %.0f MiB\n", memory)
	return err
}

func (s *server) first(table string, n int) error {
	if err := s.Resume(); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if table == "none" {
		return s.expect("SELECT 1", "1")
	}
	day, part, _ := partition(n, n/2)
	return s.expect(fmt.Sprintf("SELECT count(*) AS rows FROM %s%d WHERE day = '%s' AND part = %d", table, n, day, part), s.rows(n))
}

// whole counts all objects of the largest table.
func (s *server) whole() error {
	n := s.partitions[len(s.partitions)-1]
	for _, sql := range []string{fmt.Sprintf("EXPLAIN SELECT count(*) FROM t%d", n), fmt.Sprintf("SELECT count(*) AS rows FROM t%d", n)} {
		var answer string
		ms, err := timed(func() (err error) { answer, err = s.query(sql); return err })
		if err != nil {
			answer = err.Error()
		}
		most, err := s.Memory("VmHWM")
		if err != nil {
			return err
		}
		fmt.Printf("\n%s, %d partitions and %d objects: %.0f ms, %.0f MiB at most: %.300s\n", sql, n, max(n, s.objects), ms, most, answer)
	}
	return nil
}
