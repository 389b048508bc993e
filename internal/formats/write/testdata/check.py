"""Compares the files of a folder with rows.json: pip install pyarrow fastavro"""
import datetime, decimal, glob, json, os, sys
import fastavro
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as parquet


def plain(v):
    if isinstance(v, datetime.datetime):
        v = v if v.tzinfo else v.replace(tzinfo=datetime.timezone.utc)
        return round((v - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) / datetime.timedelta(milliseconds=1))
    if isinstance(v, datetime.date):
        return (v - datetime.date(1970, 1, 1)).days
    if isinstance(v, decimal.Decimal):
        return format(v, "f")
    if isinstance(v, bytes):
        return v.hex()
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    return v


def rows(path):
    if path.endswith("avro"):
        with open(path, "rb") as f:
            return list(fastavro.reader(f))
    table = orc.read_table(path) if path.endswith("orc") else parquet.read_table(path)
    return table.to_pylist()


with open(os.path.join(sys.argv[1], "rows.json")) as f:
    want = [json.loads(line) for line in f]
checked = 0
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*"))):
    if path.endswith("rows.json"):
        continue
    got = rows(path)
    assert len(got) == len(want), (path, len(got))
    for i, (a, b) in enumerate(zip(want, got)):
        assert a == plain(b), (path, i, [(k, a[k], plain(b[k])) for k in a if a[k] != plain(b[k])])
    checked += 1
print(checked, "files are right")
