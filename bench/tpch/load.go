package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/scopsdb/scops/bench/rig"
)

// load puts the files of a folder, one for each table, into the bucket tpch
// through S3 and creates the tables in the database tpch.
func load(ctx context.Context, s *rig.Scops, o options) error {
	scops := newScops(s)
	if _, err := scops.query(ctx, "CREATE DATABASE tpch"); err != nil {
		return err
	}
	for _, t := range tables {
		if err := put(ctx, s, "tpch/"+t+"/"+t+".parquet", filepath.Join(o.data, t+".parquet")); err != nil {
			return err
		}
	}
	d, err := newDuck(ctx, s.Objects("tpch"))
	if err != nil {
		return err
	}
	for _, t := range tables {
		text, err := d.create(ctx, t)
		if err == nil {
			_, err = scops.query(ctx, text)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", text, err), d.close())
		}
	}
	return d.close()
}

// put sends a file with one signed request.
func put(ctx context.Context, s *rig.Scops, key, file string) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, s.Endpoint+"/"+key, bytes.NewReader(body))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	r.Header.Set("X-Amz-Content-Sha256", hash)
	if err := v4.NewSigner().SignHTTP(ctx, s.Signer.Keys, r, hash, "s3", rig.Region, time.Now()); err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("put %s: %s", key, resp.Status)
	}
	return nil
}

// create is the DDL of a table, with Hive's names of its types.
func (d *duck) create(ctx context.Context, table string) (string, error) {
	rows, err := d.conn.QueryContext(ctx, "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position", table)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var name, typ string
		if err := rows.Scan(&name, &typ); err != nil {
			return "", err
		}
		columns = append(columns, name+" "+hiveTypes.Replace(strings.ToLower(typ)))
	}
	return fmt.Sprintf("CREATE EXTERNAL TABLE tpch.%s (%s) STORED AS PARQUET LOCATION 's3://tpch/%s/'", table, strings.Join(columns, ", "), table), rows.Err()
}

var hiveTypes = strings.NewReplacer("integer", "int", "varchar", "string")
