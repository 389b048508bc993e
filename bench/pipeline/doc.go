// Command pipeline measures a started scops from outside, over HTTP, on one
// machine with its load:
//
//	freshness   acknowledged send → visible in a SQL answer, by event rate, from files and from memory
//	statistics  the three statistics over 100,000 events, by the Athena API and by
//	            one call, against the same SQL on plain DuckDB over the same files
//	memory      resident memory at rest and while events and page queries come
//	lambda      invocations of a function, cold and warm, against its program alone;
//	            event source mappings
//	page        the statistics page by boto3 that looks every second, with the
//	            held start and without (page.py)
//	wholeway    from the first send to the Athena answer, by boto3, beside a
//	            MiniStack whose URL is given (wholeway.py)
//
// Each prints a Markdown table. Rounds of what is compared are interleaved, and
// what is shown of them is the median with the extremes.
package main
