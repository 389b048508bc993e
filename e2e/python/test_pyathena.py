"""scops as PyAthena sees it.

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_pyathena.py
"""

import datetime
import decimal
import os
import unittest
import uuid

import boto3
import pyathena
from pyathena.cursor import DictCursor
from pyathena.error import DatabaseError, OperationalError


class PyAthena(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bucket, cls.schema = "py-" + uuid.uuid4().hex[:12], "py_" + uuid.uuid4().hex[:12]
        boto3.client("s3").create_bucket(
            Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]}
        )
        boto3.client("s3").put_object(
            Bucket=cls.bucket, Key="t/a", Body=b'{"n":1,"text":"it\'s","price":2.50,"at":"2021-02-03 04:05:06.789"}\n{"n":2}\n'
        )
        cls.connection().cursor().execute("CREATE DATABASE " + cls.schema)
        cls.connection().cursor().execute(
            "CREATE EXTERNAL TABLE %s.t (n int, text string, price decimal(10,2), at timestamp) "
            "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://%s/t/'" % (cls.schema, cls.bucket)
        )

    @classmethod
    def connection(cls, **more):
        return pyathena.connect(
            s3_staging_dir="s3://%s/staging/" % cls.bucket, schema_name=getattr(cls, "schema", "default"), poll_interval=0.01, **more
        )

    def test_rows(self):
        cursor = self.connection().cursor()
        cursor.execute("SELECT n, text, price, at, true AS b, 1.5e0 AS d, DATE '2021-02-03' AS day FROM t ORDER BY n")
        at, day = datetime.datetime(2021, 2, 3, 4, 5, 6, 789000), datetime.date(2021, 2, 3)
        self.assertEqual(
            [(1, "it's", decimal.Decimal("2.50"), at, True, 1.5, day), (2, None, None, None, True, 1.5, day)], cursor.fetchall()
        )
        self.assertEqual(["n", "text", "price", "at", "b", "d", "day"], [c[0] for c in cursor.description])
        self.assertEqual(("decimal", 10, 2), (cursor.description[2][1], cursor.description[2][4], cursor.description[2][5]))
        self.assertGreater(cursor.data_scanned_in_bytes, 0)
        self.assertTrue(cursor.output_location.endswith(cursor.query_id + ".csv"))

    def test_many_rows(self):
        cursor = self.connection().cursor()
        cursor.execute("SELECT x FROM UNNEST(sequence(1, 3500)) AS u(x) ORDER BY x")
        self.assertEqual([(n,) for n in range(1, 3501)], cursor.fetchall())

    def test_parameters(self):
        cursor = self.connection().cursor(DictCursor)
        cursor.execute("SELECT n, text FROM t WHERE text = %(text)s", {"text": "it's"})
        self.assertEqual([{"n": 1, "text": "it's"}], cursor.fetchall())
        cursor.execute("SELECT n FROM t WHERE text = ? AND n < ?", ["'it''s'", "5"], paramstyle="qmark")
        self.assertEqual([{"n": 1}], cursor.fetchall())

    def test_show(self):
        cursor = self.connection().cursor()
        self.assertEqual([("t",)], cursor.execute("SHOW TABLES").fetchall())
        described = cursor.execute("DESCRIBE t").fetchall()
        self.assertEqual("n", described[0][0].split("\t")[0].strip())
        created = "\n".join(r[0] for r in cursor.execute("SHOW CREATE TABLE t").fetchall())
        self.assertIn("org.openx.data.jsonserde.JsonSerDe", created)
        meta = cursor.get_table_metadata("t")
        self.assertEqual(["n", "text", "price", "at"], [c.name for c in meta.columns])
        self.assertEqual(["t"], [m.name for m in cursor.list_table_metadata()])
        self.assertIn(self.schema, [d.name for d in cursor.list_databases(catalog_name="AwsDataCatalog")])

    def test_errors(self):
        cursor = self.connection().cursor()
        with self.assertRaisesRegex(OperationalError, "COLUMN_NOT_FOUND: line 1:8"):
            cursor.execute("SELECT nothing FROM t")
        with self.assertRaisesRegex(DatabaseError, "mismatched input 'SELEC'"):
            cursor.execute("SELEC 1")

    def test_cancel_and_cache(self):
        cursor = self.connection().cursor()
        first = cursor.execute("SELECT count(*) FROM t").query_id
        again = self.connection().cursor().execute("SELECT count(*) FROM t", cache_size=50, cache_expiration_time=60).query_id
        self.assertEqual(first, again)


if __name__ == "__main__":
    unittest.main()
