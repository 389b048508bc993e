package analyzer

import (
	"fmt"
	"strings"
)

// graphEscapes are the characters that mean something in a record's label.
var graphEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "{", `\{`, "}", `\}`, "|", `\|`, "<", `\<`, ">", `\>`, "\n", `\n`, "\r", "")

// graphviz is a plan in the DOT language, in the form of Trino's FORMAT
// GRAPHVIZ: a cluster for the one fragment, then its edges.
func (an *Analysis) graphviz(fragments bool) string {
	graph, cluster := "logical_plan", "cluster_graphviz_plan"
	if fragments {
		graph, cluster = "distributed_plan", "cluster_0"
	}
	var nodes, edges strings.Builder
	an.planTree(nil).graph(&nodes, &edges)
	return fmt.Sprintf("digraph %s {\nsubgraph %s {\nlabel = \"SINGLE\"\n%s}\n%s}\n", graph, cluster, nodes.String(), edges.String())
}

func (n *planNode) graph(nodes, edges *strings.Builder) {
	text := graphEscapes.Replace(n.title)
	if n.label != "" {
		text += "|" + graphEscapes.Replace(n.label)
	}
	fmt.Fprintf(nodes, "plannode_%d[label=\"{%s}\", style=\"rounded, filled\", shape=record, fillcolor=%s];\n", n.id, text, n.color)
	for _, c := range n.children {
		fmt.Fprintf(edges, "plannode_%d -> plannode_%d;\n", n.id, c.id)
		c.graph(nodes, edges)
	}
}
