"""Writing from SQL as awswrangler and PyAthena do it: CTAS, UNLOAD, INSERT.

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_data_write.py
"""

import datetime
import decimal
import os
import unittest
import uuid

import awswrangler as wr
import boto3
import pyathena

ROWS = """SELECT n, 'v' || CAST(n AS varchar) AS v, CAST(n AS decimal(10,2)) / 4 AS d, n * 1.5e0 AS f, n % 2 = 0 AS even,
    DATE '2021-02-03' + n * INTERVAL '1' DAY AS day, TIMESTAMP '2021-02-03 04:05:06.789' AS at, ARRAY[n, NULL] AS list, IF(n > 2, n) AS some
    FROM UNNEST(sequence(1, 5)) AS t (n)"""


class Writing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bucket, cls.db = "wd-" + uuid.uuid4().hex[:12], "wd_" + uuid.uuid4().hex[:12]
        boto3.client("s3").create_bucket(
            Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]}
        )
        wr.catalog.create_database(cls.db)

    def read(self, sql, **more):
        return wr.athena.read_sql_query(sql, database=self.db, s3_output="s3://%s/results/" % self.bucket, **more)

    def keys(self, prefix=""):
        return [o["Key"] for o in boto3.client("s3").list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])]

    def check(self, df):
        df = df.sort_values("n").reset_index(drop=True)
        self.assertEqual([1, 2, 3, 4, 5], df["n"].tolist())
        self.assertEqual(["v1", "v2", "v3", "v4", "v5"], df["v"].tolist())
        self.assertEqual(decimal.Decimal("0.25"), df["d"][0])
        self.assertEqual(7.5, df["f"][4])
        self.assertEqual(datetime.date(2021, 2, 4), df["day"][0])
        self.assertEqual("2021-02-03 04:05:06.789000", str(df["at"][0])[:26])
        self.assertEqual(2, df["some"].isna().sum())

    def test_ctas_approach(self):
        df = self.read(ROWS, ctas_approach=True)
        self.check(df)
        self.assertEqual(1, df.sort_values("n")["list"].tolist()[0][0])
        self.assertEqual([], wr.catalog.tables(database=self.db, name_prefix="temp_table")["Table"].tolist())
        parts = list(self.read(ROWS, ctas_approach=True, chunksize=2))
        self.assertEqual(5, sum(len(p) for p in parts))

    def test_unload_approach(self):
        output = "s3://%s/%s/" % (self.bucket, uuid.uuid4().hex)
        self.check(wr.athena.read_sql_query(ROWS, database=self.db, s3_output=output, ctas_approach=False, unload_approach=True))
        with self.assertRaisesRegex(wr.exceptions.QueryFailed, "HIVE_PATH_ALREADY_EXISTS"):
            wr.athena.unload(ROWS, path=output, database=self.db, file_format="PARQUET")
        path = "s3://%s/unloaded/" % self.bucket
        out = wr.athena.unload(ROWS, path=path, database=self.db, file_format="PARQUET", compression="snappy", partitioned_by=None)
        self.check(wr.s3.read_parquet(path, path_suffix=".parquet"))  # the manifest lies beside the files
        self.assertIsNotNone(out)

    def test_create_ctas_table(self):
        out = wr.athena.create_ctas_table(
            "SELECT n, v, d, day FROM (%s)" % ROWS, database=self.db, ctas_table="made", s3_output="s3://%s/made/" % self.bucket,
            storage_format="parquet", write_compression="zstd", partitioning_info=["day"], wait=True,
        )
        self.assertEqual("made", out["ctas_table"])
        self.assertEqual(5, len(wr.catalog.get_partitions(database=self.db, table="made")))
        self.assertEqual([5], self.read("SELECT count(*) AS c FROM made", ctas_approach=False)["c"].tolist())
        with self.assertRaises(wr.exceptions.InvalidArgumentValue):
            self.read("SELECT 1, 2", ctas_approach=True)

    def test_pyathena(self):
        connection = pyathena.connect(s3_staging_dir="s3://%s/staging/" % self.bucket, schema_name=self.db, poll_interval=0.01)
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE py WITH (format = 'PARQUET') AS SELECT n, v FROM (%s)" % ROWS)
        self.assertEqual("CREATE_TABLE_AS_SELECT", cursor.substatement_type)
        self.assertEqual(5, cursor.rowcount)
        cursor.execute("INSERT INTO py VALUES (%(n)s, %(v)s)", {"n": 6, "v": "it's"})
        self.assertEqual(("INSERT", 1), (cursor.substatement_type, cursor.rowcount))
        self.assertEqual([], cursor.fetchall())
        cursor.execute("SELECT v FROM py WHERE n = 6")
        self.assertEqual([("it's",)], cursor.fetchall())
        self.assertIsNotNone(cursor.output_location)


if __name__ == "__main__":
    unittest.main()
