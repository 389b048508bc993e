package athena

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// maxPrepared is how many prepared statements a workgroup may have.
const maxPrepared = 1000

var (
	errPreparedExists = errors.New("the prepared statement exists")
	errPreparedLimit  = errors.New("the workgroup has as many prepared statements as it may")
)

// addPrepared stores a new prepared statement.
func (s *store) addPrepared(ctx context.Context, p *api.PreparedStatement) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("record prepared statement: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect behind Commit
	var count int
	var exists bool
	err = tx.QueryRowContext(ctx, `SELECT count(*), coalesce(max(name = ?2), 0) FROM prepared_statements WHERE workgroup = ?1`,
		aws.ToString(p.WorkGroupName), aws.ToString(p.StatementName)).Scan(&count, &exists)
	switch {
	case err != nil:
		return fmt.Errorf("record prepared statement: %w", err)
	case exists:
		return errPreparedExists
	case count >= maxPrepared:
		return errPreparedLimit
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO prepared_statements (workgroup, name, record) VALUES (?, ?, ?)`,
		aws.ToString(p.WorkGroupName), aws.ToString(p.StatementName), string(text)); err != nil {
		return fmt.Errorf("record prepared statement: %w", err)
	}
	return tx.Commit()
}

// replacePrepared stores another form of a prepared statement that exists;
// errNoRecord says that it does not.
func (s *store) replacePrepared(ctx context.Context, p *api.PreparedStatement) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.changePrepared(ctx, `UPDATE prepared_statements SET record = ?3 WHERE workgroup = ?1 AND name = ?2`,
		aws.ToString(p.WorkGroupName), aws.ToString(p.StatementName), string(text))
}

// deletePrepared removes a prepared statement; errNoRecord says that there is
// none.
func (s *store) deletePrepared(ctx context.Context, workgroup, name string) error {
	return s.changePrepared(ctx, `DELETE FROM prepared_statements WHERE workgroup = ? AND name = ?`, workgroup, name)
}

func (s *store) changePrepared(ctx context.Context, statement string, args ...any) error {
	result, err := s.db.Write.ExecContext(ctx, statement, args...)
	if err != nil {
		return fmt.Errorf("change prepared statement: %w", err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = errNoRecord
	}
	return err
}

// prepared reads a prepared statement; errNoRecord says that there is none.
func (s *store) prepared(ctx context.Context, workgroup, name string) (*api.PreparedStatement, error) {
	var text []byte
	err := s.db.Read.QueryRowContext(ctx, `SELECT record FROM prepared_statements WHERE workgroup = ? AND name = ?`, workgroup, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoRecord
	}
	if err != nil {
		return nil, fmt.Errorf("read prepared statement: %w", err)
	}
	p := new(api.PreparedStatement)
	return p, json.Unmarshal(text, p)
}

// preparedNames lists the prepared statements of a workgroup.
func (s *store) preparedNames(ctx context.Context, workgroup string) ([]string, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT name FROM prepared_statements WHERE workgroup = ? ORDER BY name`, workgroup)
	if err != nil {
		return nil, fmt.Errorf("list prepared statements: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list prepared statements: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
