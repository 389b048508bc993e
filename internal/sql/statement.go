package sql

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// Values of Statement.Type, as Athena's StatementType.
const (
	TypeDML     = "DML"
	TypeDDL     = "DDL"
	TypeUtility = "UTILITY"
)

// Statement is a parsed statement of either language.
type Statement struct {
	// Query is set for Trino's statements (SELECT, EXPLAIN, CREATE VIEW, …),
	// DDL for Hive's; never both.
	Query ast.Statement
	DDL   hive.Statement
	// Type and Substatement are Athena's StatementType and SubstatementType:
	// DML and SELECT, DDL and CREATE_TABLE, UTILITY and SHOW_TABLES, …
	Type         string
	Substatement string
}

// Parse parses a statement in the language it is in. Comments before it do not
// count. The error is an *ast.Error.
func Parse(text string) (*Statement, error) {
	words := firstWords(text)
	if e := refusal(text, words); e != nil {
		return nil, e
	}
	if isHive(words) && !isCreateTableAs(text) {
		ddl, err := hive.Parse(text)
		if err != nil {
			return nil, err
		}
		s := &Statement{DDL: ddl}
		s.Type, s.Substatement = classifyDDL(ddl)
		return s, nil
	}
	query, err := parser.ParseStatement(text)
	if err != nil {
		return nil, err
	}
	s := &Statement{Query: query}
	s.Type, s.Substatement = classifyQuery(query)
	return s, nil
}

// hiveVerbs are first words of Hive's statements, with the second words that
// make them Trino's after all.
var hiveVerbs = map[string][]string{
	"ALTER":    nil,
	"CREATE":   {"VIEW", "OR"},
	"DESC":     nil,
	"DESCRIBE": nil, // INPUT and OUTPUT: see isHive
	"DROP":     {"VIEW"},
	"MSCK":     nil,
	"SHOW":     {"CATALOGS", "FUNCTIONS"},
}

// isHive decides the language by a statement's first words, in capitals.
func isHive(words [3]string) bool {
	trino, ok := hiveVerbs[words[0]]
	if !ok {
		return false
	}
	if words[0] == "DESCRIBE" && (words[1] == "INPUT" || words[1] == "OUTPUT") {
		return words[2] == "" // DESCRIBE input: a table of that name
	}
	for _, word := range trino {
		if words[1] == word {
			return false
		}
	}
	return true
}

// refused are statements that are known and that scops does not run, by their
// first words, with the name that the error gives them: those that Athena runs,
// those that it documents as unsupported DDL, and others of Trino.
var refused = []struct{ words, name string }{
	{"USING", "USING EXTERNAL FUNCTION"},

	{"ALTER INDEX", "ALTER INDEX"},
	{"CREATE PROTECTED", "CREATE PROTECTED MULTI DIALECT VIEW"},
	{"DFS", "DFS"},
	{"DROP TEMPORARY", "DROP TEMPORARY MACRO"},
	{"EXPORT TABLE", "EXPORT TABLE"},
	{"GRANT ROLE", "GRANT ROLE"},
	{"REVOKE ROLE", "REVOKE ROLE"},
	{"IMPORT FROM", "IMPORT TABLE"},
	{"IMPORT TABLE", "IMPORT TABLE"},
	{"IMPORT EXTERNAL", "IMPORT TABLE"},
	{"LOAD DATA", "LOAD DATA"},
	{"LOCK DATABASE", "LOCK DATABASE"},
	{"LOCK TABLE", "LOCK TABLE"},
	{"UNLOCK DATABASE", "UNLOCK DATABASE"},
	{"UNLOCK TABLE", "UNLOCK TABLE"},
	{"SHOW CURRENT ROLES", "SHOW CURRENT ROLES"},
	{"SHOW PRINCIPALS", "SHOW PRINCIPALS"},
	{"SHOW ROLE GRANT", "SHOW ROLE GRANT"},
	{"SHOW ROLE GRANTS", "SHOW ROLE GRANTS"},

	{"ALTER MATERIALIZED VIEW", "ALTER MATERIALIZED VIEW"},
	{"CREATE CATALOG", "CREATE CATALOG"},
	{"CREATE MATERIALIZED VIEW", "CREATE MATERIALIZED VIEW"},
	{"DROP CATALOG", "DROP CATALOG"},
	{"DROP MATERIALIZED VIEW", "DROP MATERIALIZED VIEW"},
	{"SHOW CREATE FUNCTION", "SHOW CREATE FUNCTION"},
	{"SHOW CREATE MATERIALIZED", "SHOW CREATE MATERIALIZED VIEW"},
}

// refusal is the error of a statement that is known and not supported, or nil.
func refusal(text string, words [3]string) *ast.Error {
	begin := strings.Join(words[:], " ") + " "
	for _, r := range refused {
		if strings.HasPrefix(begin, r.words+" ") {
			return ast.Errorf("NOT_SUPPORTED", scan.Advance(scan.Start, text[:scan.Blank(text)]), "%s is not supported", r.name)
		}
	}
	return nil
}

// classifyDDL gives Athena's names for a Hive statement.
func classifyDDL(s hive.Statement) (kind, sub string) {
	switch s.(type) {
	case *hive.CreateDatabase:
		return TypeDDL, "CREATE_DATABASE"
	case *hive.DropDatabase:
		return TypeDDL, "DROP_DATABASE"
	case *hive.SetDatabaseProperties:
		return TypeDDL, "ALTER_DATABASE_PROPERTIES"
	case *hive.CreateTable, *hive.CreateIcebergTable:
		return TypeDDL, "CREATE_TABLE"
	case *hive.DropTable:
		return TypeDDL, "DROP_TABLE"
	case *hive.MsckRepair:
		return TypeDDL, "MSCK_REPAIR"
	case *hive.ShowDatabases:
		return TypeUtility, "SHOW_DATABASES"
	case *hive.ShowTables:
		return TypeUtility, "SHOW_TABLES"
	case *hive.ShowViews:
		return TypeUtility, "SHOW_VIEWS"
	case *hive.ShowPartitions:
		return TypeUtility, "SHOW_PARTITIONS"
	case *hive.ShowColumns:
		return TypeUtility, "SHOW_COLUMNS"
	case *hive.ShowCreateTable:
		return TypeUtility, "SHOW_CREATE_TABLE"
	case *hive.ShowCreateView:
		return TypeUtility, "SHOW_CREATE_VIEW"
	case *hive.ShowTableProperties:
		return TypeUtility, "SHOW_TABLE_PROPERTIES"
	case *hive.Describe:
		return TypeUtility, "DESCRIBE_TABLE"
	}
	return TypeDDL, classifyAlter(s)
}

// classifyAlter gives the name of a change of a table.
func classifyAlter(s hive.Statement) string {
	switch s.(type) {
	case *hive.AddPartitions:
		return "ALTER_TABLE_ADD_PARTITION"
	case *hive.DropPartitions:
		return "ALTER_TABLE_DROP_PARTITION"
	case *hive.RenamePartition:
		return "ALTER_TABLE_RENAME_PARTITION"
	case *hive.AddColumns:
		return "ALTER_TABLE_ADD_COLUMN"
	case *hive.ReplaceColumns:
		return "ALTER_TABLE_REPLACE_COLUMN"
	case *hive.ChangeColumn:
		return "ALTER_TABLE_CHANGE_COLUMN"
	case *hive.DropColumn:
		return "ALTER_TABLE_DROP_COLUMN"
	case *hive.RenameTable:
		return "ALTER_TABLE_RENAME"
	case *hive.SetLocation:
		return "ALTER_TABLE_SET_LOCATION"
	}
	return "ALTER_TABLE_PROPERTIES"
}

// classifyQuery gives Athena's names for a Trino statement.
func classifyQuery(s ast.Statement) (kind, sub string) {
	switch s.(type) {
	case *ast.Query:
		return TypeDML, "SELECT"
	case *ast.CreateTableAs:
		return TypeDDL, "CREATE_TABLE_AS_SELECT"
	case *ast.Insert:
		return TypeDML, "INSERT"
	case *ast.Unload:
		return TypeDML, "UNLOAD"
	case *ast.Delete:
		return TypeDML, "DELETE"
	case *ast.Update:
		return TypeDML, "UPDATE"
	case *ast.Merge:
		return TypeDML, "MERGE"
	case *ast.Optimize:
		return TypeDDL, "OPTIMIZE"
	case *ast.Vacuum:
		return TypeDDL, "VACUUM"
	case *ast.Explain:
		return TypeUtility, "EXPLAIN"
	case *ast.CreateView:
		return TypeDDL, "CREATE_VIEW"
	case *ast.DropView:
		return TypeDDL, "DROP_VIEW"
	case *ast.ShowFunctions:
		return TypeUtility, "SHOW_FUNCTIONS"
	case *ast.Prepare:
		return TypeDDL, "PREPARE"
	case *ast.Deallocate:
		return TypeDDL, "DEALLOCATE"
	case *ast.Execute, *ast.ExecuteImmediate:
		return TypeDML, "EXECUTE"
	case *ast.DescribeInput:
		return TypeUtility, "DESCRIBE_INPUT"
	case *ast.DescribeOutput:
		return TypeUtility, "DESCRIBE_OUTPUT"
	case *ast.SetSession, *ast.ResetSession, *ast.SetTimeZone:
		return TypeUtility, "SET_SESSION"
	case *ast.ShowCatalogs:
		return TypeUtility, "SHOW_CATALOGS"
	case *ast.ShowSession:
		return TypeUtility, "SHOW_SESSION"
	case *ast.ShowStats:
		return TypeUtility, "SHOW_STATS"
	}
	return TypeUtility, "USE"
}

// firstWords gives the first three words of a text in capitals, "" for what is
// no word.
func firstWords(text string) (words [3]string) {
	rest := text[scan.Blank(text):]
	for i := range words {
		n := wordLength(rest)
		if n == 0 {
			return words
		}
		words[i] = strings.ToUpper(rest[:n])
		rest = rest[n:]
		rest = rest[scan.Blank(rest):]
	}
	return words
}

func wordLength(text string) int {
	n := 0
	for n < len(text) && isWordPart(text[n]) {
		n++
	}
	return n
}

func isWordPart(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
