"""scops as the AWS SDK for pandas (awswrangler) sees it.

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_awswrangler.py
"""

import datetime
import os
import unittest
import uuid

import awswrangler as wr
import boto3
import pandas as pd


def frame(first, n=4):
    return pd.DataFrame(
        {
            "id": range(first, first + n),
            "name": ["n%d" % (i % 2) for i in range(n)],
            "price": [i + 0.5 for i in range(n)],
            "at": pd.to_datetime(["2021-02-03 04:05:06.789"] * n),
            "day": [datetime.date(2021, 2, 1 + i % 2) for i in range(n)],
            "year": ["2021" if i < n // 2 else "2022" for i in range(n)],
        }
    )


class Wrangler(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bucket, cls.db = "wr-" + uuid.uuid4().hex[:12], "wr_" + uuid.uuid4().hex[:12]
        boto3.client("s3").create_bucket(
            Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]}
        )
        wr.catalog.create_database(cls.db, description="by awswrangler")

    def setUp(self):
        self.table = "t_" + uuid.uuid4().hex[:8]
        self.path = "s3://%s/%s/" % (self.bucket, self.table)

    def read(self, sql, **more):
        more.setdefault("ctas_approach", False)
        more.setdefault("s3_output", "s3://%s/results/" % self.bucket)
        return wr.athena.read_sql_query(sql, database=self.db, **more)

    def write(self, df, **more):
        more = {"partition_cols": ["year"], **more}
        return wr.s3.to_parquet(df, path=self.path, dataset=True, database=self.db, table=self.table, **more)

    def ids(self, where="true"):
        return sorted(self.read("SELECT id FROM %s WHERE %s" % (self.table, where))["id"])

    def test_database(self):
        self.assertIn(self.db, wr.catalog.databases()["Database"].tolist())
        self.assertEqual(["by awswrangler"], [d["Description"] for d in wr.catalog.get_databases() if d["Name"] == self.db])
        other = self.db + "_other"
        wr.catalog.create_database(other)
        wr.catalog.create_database(other, exist_ok=True)
        with self.assertRaises(wr.exceptions.AlreadyExists):
            wr.catalog.create_database(other)
        wr.catalog.delete_database(other)
        self.assertNotIn(other, wr.catalog.databases(limit=10000)["Database"].tolist())

    def test_parquet_modes(self):
        out = self.write(frame(0), mode="overwrite")
        self.assertEqual({"2021", "2022"}, {v[0] for v in out["partitions_values"].values()})
        self.assertEqual([0, 1, 2, 3], self.ids())
        self.write(frame(10), mode="append")
        self.assertEqual([0, 1, 2, 3, 10, 11, 12, 13], self.ids())
        self.assertEqual([2, 3, 12, 13], self.ids("year = '2022'"))
        self.write(frame(20, 2).assign(year="2022"), mode="overwrite_partitions")
        self.assertEqual([0, 1, 10, 11, 20, 21], self.ids())
        self.write(frame(30).assign(more="x"), mode="append")  # a new column
        got = self.read("SELECT id, more FROM %s ORDER BY id" % self.table)
        self.assertEqual(4, got["more"].notna().sum())
        self.assertIn("more", wr.catalog.get_table_types(self.db, self.table))
        self.write(frame(40), mode="overwrite", partition_cols=["name"])  # other keys
        self.assertEqual([40, 41, 42, 43], self.ids())
        self.assertEqual([["n0"], ["n1"]], sorted(wr.catalog.get_partitions(self.db, self.table).values()))

    def test_types_come_back(self):
        self.write(frame(0), mode="overwrite", dtype={"price": "decimal(10,2)"})
        got = self.read("SELECT * FROM %s ORDER BY id" % self.table)
        self.assertEqual(["id", "name", "price", "at", "day", "year"], list(got.columns))
        self.assertEqual("0.50", str(got["price"][0]))
        self.assertEqual(pd.Timestamp("2021-02-03 04:05:06.789"), got["at"][0])
        self.assertEqual(datetime.date(2021, 2, 1), got["day"][0])
        self.assertEqual("Int64", str(got["id"].dtype))
        for chunk in self.read("SELECT id FROM %s" % self.table, chunksize=2):
            self.assertLessEqual(len(chunk), 2)

    def test_parameters(self):
        self.write(frame(0), mode="overwrite")
        got = self.read("SELECT id FROM %s WHERE name = :name AND id > :id" % self.table, params={"name": "n1", "id": 1})
        self.assertEqual([3], got["id"].tolist())
        got = self.read(
            "SELECT id FROM %s WHERE name = ?" % self.table, params=["'n0'"], paramstyle="qmark"
        )
        self.assertEqual([0, 2], sorted(int(i) for i in got["id"]))

    def test_csv_and_json(self):
        df = frame(0)[["id", "name", "year"]]
        for write, table in ((wr.s3.to_csv, "csv"), (wr.s3.to_json, "json")):
            table = self.table + table
            more = {"index": False} if write is wr.s3.to_csv else {"orient": "records", "lines": True, "index": False}
            write(
                df, path=self.path + table + "/", dataset=True, database=self.db, table=table, partition_cols=["year"], mode="overwrite", **more
            )
            got = self.read("SELECT id, name, year FROM %s ORDER BY id" % table)
            self.assertEqual(df.values.tolist(), got.values.tolist(), table)

    def test_catalog(self):
        self.write(
            frame(0),
            mode="overwrite",
            glue_table_settings=wr.typing.GlueTableSettings(
                description="orders", parameters={"owner": "team"}, columns_comments={"id": "the number"}
            ),
        )
        self.assertTrue(wr.catalog.does_table_exist(self.db, self.table))
        self.assertFalse(wr.catalog.does_table_exist(self.db, "lost"))
        self.assertEqual("bigint", wr.catalog.get_table_types(self.db, self.table)["id"])
        self.assertEqual("orders", wr.catalog.get_table_description(self.db, self.table))
        self.assertEqual("team", wr.catalog.get_table_parameters(self.db, self.table)["owner"])
        self.assertEqual("the number", wr.catalog.get_columns_comments(self.db, self.table)["id"])
        self.assertEqual(self.path, wr.catalog.get_table_location(self.db, self.table))
        self.assertEqual(6, len(wr.catalog.table(self.db, self.table)))
        for search in ({"name_prefix": self.table[:5]}, {"name_suffix": self.table[-5:]}, {"name_contains": self.table[2:8]}):
            self.assertIn(self.table, [t["Name"] for t in wr.catalog.get_tables(database=self.db, **search)])
        self.assertIn(self.table, [t["Name"] for t in wr.catalog.search_tables(text=self.table)])
        self.assertEqual(1, wr.catalog.get_table_number_of_versions(self.db, self.table))
        wr.catalog.upsert_table_parameters({"more": "1"}, self.db, self.table)
        self.assertEqual("1", wr.catalog.get_table_parameters(self.db, self.table)["more"])
        wr.catalog.overwrite_table_parameters({"classification": "parquet"}, self.db, self.table)
        self.assertNotIn("more", wr.catalog.get_table_parameters(self.db, self.table))
        wr.catalog.add_column(self.db, self.table, "extra", "string", column_comment="later")
        self.assertIn("extra", wr.catalog.get_table_types(self.db, self.table))
        wr.catalog.delete_column(self.db, self.table, "extra")
        self.assertNotIn("extra", wr.catalog.get_table_types(self.db, self.table))
        self.assertTrue(wr.catalog.delete_table_if_exists(self.db, self.table))
        self.assertFalse(wr.catalog.delete_table_if_exists(self.db, self.table))

    def test_partitions(self):
        for i in range(12):
            wr.s3.to_parquet(frame(i, 1), path="%syear=%d/month=%02d/f.parquet" % (self.path, 2021 + i // 6, i))
        wr.catalog.create_parquet_table(
            database=self.db,
            table=self.table,
            path=self.path,
            columns_types={"id": "bigint", "name": "string"},
            partitions_types={"year": "string", "month": "string"},
        )
        self.assertEqual([], self.ids())  # none is registered
        wr.athena.repair_table(self.table, database=self.db)
        self.assertEqual(list(range(12)), self.ids())
        self.assertEqual(12, len(wr.catalog.get_partitions(self.db, self.table)))
        self.assertEqual(6, len(wr.catalog.get_partitions(self.db, self.table, expression="year = '2022'")))
        self.assertEqual(2, len(wr.catalog.get_parquet_partitions(self.db, self.table, expression="year=2021 AND month IN ('01','02')")))
        wr.catalog.delete_partitions(self.table, self.db, [["2021", "0%d" % i] for i in range(6)])
        self.assertEqual(list(range(6, 12)), self.ids())
        wr.catalog.add_parquet_partitions(
            database=self.db, table=self.table, partitions_values={"%syear=2021/month=03/" % self.path: ["2021", "03"]}
        )
        self.assertEqual([3], self.ids("year = '2021'"))
        wr.catalog.delete_all_partitions(self.table, self.db)
        self.assertEqual([], self.ids())

    def test_metadata(self):
        wr.s3.to_parquet(frame(0), path=self.path, dataset=True, partition_cols=["year"])
        types, keys, values = wr.s3.store_parquet_metadata(path=self.path, database=self.db, table=self.table, dataset=True)
        self.assertEqual({"year": "string"}, keys)
        self.assertEqual(2, len(values))
        self.assertEqual([0, 1, 2, 3], self.ids())
        got = wr.s3.read_parquet_table(self.table, self.db)
        self.assertEqual(4, len(got))

    def test_athena(self):
        self.write(frame(0), mode="overwrite")
        self.assertIn("CREATE EXTERNAL TABLE", wr.athena.show_create_table(self.table, database=self.db))
        described = wr.athena.describe_table(self.table, database=self.db)
        self.assertEqual(["id", "name", "price", "at", "day", "year"], described["Column Name"].tolist())
        query = wr.athena.start_query_execution("SELECT 1", database=self.db, wait=True)
        self.assertEqual("SUCCEEDED", query["Status"]["State"])
        with self.assertRaises(wr.exceptions.QueryFailed):
            wr.athena.start_query_execution("SELECT nothing FROM nowhere", database=self.db, wait=True)
        cached = "SELECT count(*) n FROM %s" % self.table
        self.read(cached)
        again = self.read(cached, athena_cache_settings={"max_cache_seconds": 900})
        self.assertEqual([4], again["n"].tolist())

    def test_ctas_approach(self):
        self.write(frame(0), mode="overwrite")
        got = self.read("SELECT * FROM %s ORDER BY id" % self.table, ctas_approach=True)
        self.assertEqual([0, 1, 2, 3], sorted(got["id"]))  # of many files
        self.assertEqual(datetime.date(2021, 2, 1), got.sort_values("id")["day"].iloc[0])
        self.assertEqual([], [t["Name"] for t in wr.catalog.get_tables(database=self.db, name_prefix="temp_table_")])
        out = wr.athena.create_ctas_table(
            sql="SELECT id, name FROM %s" % self.table, database=self.db, ctas_table=self.table + "_c",
            s3_output="s3://%s/ctas/" % self.bucket, wait=True,
        )
        self.assertEqual(self.table + "_c", out["ctas_table"])
        self.assertEqual(4, self.read("SELECT count(*) n FROM %s_c" % self.table)["n"][0])

    def test_unload(self):
        self.write(frame(0), mode="overwrite")
        got = self.read("SELECT id, name FROM %s" % self.table, unload_approach=True, s3_output=self.path + "unload/")
        self.assertEqual([0, 1, 2, 3], sorted(got["id"]))
        wr.athena.unload(
            sql="SELECT id, year FROM %s" % self.table, path="s3://%s/unloaded/%s/" % (self.bucket, self.table), database=self.db, file_format="PARQUET", partitioned_by=["year"]
        )
        self.assertEqual(4, len(wr.s3.read_parquet("s3://%s/unloaded/%s/" % (self.bucket, self.table), path_suffix=".parquet", dataset=True)))


if __name__ == "__main__":
    unittest.main()
