"""Judges a data release by PyArrow, DuckDB, astropy and astropy-healpix; told beside it is what must stand in it.

python releaseJudge.py FOLDER EXPECTED.json, where EXPECTED has {"stars": [...], "samples": {...}}. Prints a line for each judge.
"""

import csv
import hashlib
import json
import re
import sys
import warnings
from pathlib import Path

import astropy.units as u
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from astropy.io import fits, votable
from astropy.io.votable.ucd import check_ucd
from astropy.table import Table
from astropy_healpix import HEALPix

folder = Path(sys.argv[1])
told = json.loads(Path(sys.argv[2]).read_text())
stars = {star["star_id"]: star for star in told["stars"]}
about = {line["name"]: line for line in csv.DictReader((folder / "columns.csv").open())}
files = sorted((folder / "catalogue/dataset").glob("*/*/*.parquet"))
integers = {"long": "int64", "int": "int32"}
python_types = {"long": int, "int": int, "double": float, "string": str, "boolean": bool}
assert files and stars


def judge_cells(rows, what):
    """Rows as dictionaries of Python values, None where a value is missing: each star once, each cell as it was told."""
    assert sorted(row["star_id"] for row in rows) == sorted(stars), what
    for row in rows:
        for name, value in stars[row["star_id"]].items():
            # 64-bit integers are told as texts.
            wanted = value if value is None else python_types[about[name]["type"]](value)
            assert row[name] == wanted and type(row[name]) is type(wanted), (what, name, row[name], wanted)


# Checksums: of every file but themselves.
sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"SHA256SUMS"}
assert found == set(sums)
for path, digest in sums.items():
    assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
print(f"checksums: {len(sums)} files")

# Columns: described, with units that astropy knows and UCDs of the controlled vocabulary.
for name, column in about.items():
    assert column["description"], name
    if column["unit"]:
        u.Unit(column["unit"])
    assert not column["ucd"] or check_ucd(column["ucd"], check_controlled_vocabulary=True), (name, column["ucd"])
assert u.Unit(about["logAgeYr_q50"]["unit"]) == u.dex(u.yr) and about["logAgeYr_q50"]["ucd"] == "time.age;stat.median"
assert [about[name]["ucd"] for name in ("star_id", "ra", "dec")] == [
    *("meta.id;meta.main", "pos.eq.ra;meta.main", "pos.eq.dec;meta.main")
]

# PyArrow: the Parquet files as one dataset.
table = ds.dataset(folder / "catalogue/dataset", format="parquet", partitioning="hive", exclude_invalid_files=True).to_table()
for name, column in about.items():
    kind = table.schema.field(name).type
    assert column["type"] not in integers or str(kind) == integers[column["type"]], (name, kind)
    values = [value for value in table[name].to_pylist() if value is not None]
    # What is missing is a null, and no number that stands for one.
    assert not any(isinstance(value, float) and not np.isfinite(value) for value in values), name
    if name in told["missing"]:
        assert table[name].null_count == len(table), name
judge_cells(table.to_pylist(), "pyarrow")
print(f"pyarrow: {len(table)} stars, {len(about)} columns")

# Samples: the same stars in the same order, and the numbers that were told.
count = 0
for path in files:
    place = path.relative_to(folder / "catalogue/dataset").with_suffix(".arrow")
    samples = pa.ipc.open_file(folder / "samples" / place).read_all()
    assert samples["starId"].to_pylist() == pq.read_table(path, columns=["star_id"])["star_id"].to_pylist()
    for name, values in told["samples"].items():
        assert pa.types.is_list(samples.schema.field(name).type), name
        assert all(row == values for row in samples[name].to_pylist()), name
    count += len(samples)
assert count == len(stars)
print(f"samples: {count} stars")

# DuckDB: the same files, by their glob.
rows = duckdb.sql(f"SELECT * FROM read_parquet('{folder}/catalogue/dataset/*/*/*.parquet', hive_partitioning = false)")
judge_cells([dict(zip(rows.columns, row)) for row in rows.fetchall()], "duckdb")
types = dict(zip(rows.columns, map(str, rows.types)))
assert types["seed"] == types["healpix_24"] == "BIGINT" and types["id_gaiaDr3"] == "VARCHAR"
for name in told["missing"]:
    assert rows.filter(f'"{name}" IS NOT NULL').fetchall() == [], name
print(f"duckdb: {len(rows)} stars")

# HEALPix: each star lies in the pixel of its file, and in the cell that is told.
for path in files:
    order, pixel = map(int, re.search(r"Norder=(\d+)/Dir=\d+/Npix=(\d+)\.parquet$", str(path)).groups())
    some = pq.read_table(path, columns=["ra", "dec", "healpix_24"])
    ra, dec = some["ra"].to_numpy() * u.deg, some["dec"].to_numpy() * u.deg
    assert (HEALPix(2**order, order="nested").lonlat_to_healpix(ra, dec) == pixel).all(), path
    assert (HEALPix(2**24, order="nested").lonlat_to_healpix(ra, dec) == some["healpix_24"].to_numpy()).all(), path
print(f"healpix: {len(files)} pixels")

# astropy: the VOTable, the FITS file and each Parquet file, with units, descriptions, UCDs and masks.
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    fields = list(votable.parse(folder / "stars.vot", verify="warn").get_first_table().fields)
# VOUnits has no units of logarithms; astropy has, and is the only one of the two to know what dex(yr) is.
strange = {str(one.message) for one in heard if "W50" not in str(one.message) or "'dex(" not in str(one.message)}
assert strange == set(), strange
assert [(one.name, one.ucd or "") for one in fields] == [(name, column["ucd"]) for name, column in about.items()]
header = fits.getheader(folder / "stars.fits", 1)
named = {header[f"TTYPE{i}"]: header.get(f"TUCD{i}", "") for i in range(1, header["TFIELDS"] + 1)}
assert named == {name: column["ucd"] for name, column in about.items()}


def judge_astropy(tables, what, has_ucds, missing):
    """`missing` are the values beside masks that say that a cell is missing, as the format has it."""
    rows = []
    for table in tables:
        assert table.colnames == list(about), what
        for name, column in about.items():
            one = table[name]
            assert (one.unit or "") == (u.Unit(column["unit"]) if column["unit"] else ""), (what, name, one.unit)
            assert one.description == column["description"], (what, name, one.description)
            assert not has_ucds or one.meta.get("ucd", "") == column["ucd"], (what, name)
            assert column["type"] not in integers or one.dtype.newbyteorder("=") == integers[column["type"]], (what, name, one.dtype)
        for row in table:
            cells = {name: row[name] for name in about}
            rows.append({name: plain(cell, missing) for name, cell in cells.items()})
    assert all(row[name] is None for row in rows for name in told["missing"]), what
    judge_cells(rows, what)
    print(f"{what}: {len(rows)} stars")


def plain(cell, missing):
    if np.ma.is_masked(cell):
        return None
    value = cell.item() if isinstance(cell, np.generic) else cell
    return None if value in missing or (isinstance(value, float) and np.isnan(value)) else value


# Without the word `generic` the same units are names to astropy, not dex of something.
judge_astropy([Table.read(folder / "stars.vot", unit_format="generic")], "astropy VOTable", True, [""])
judge_astropy([Table.read(folder / "stars.fits", character_as_bytes=False)], "astropy FITS", False, [""])
# Its Parquet readers make the text None of a text that is missing, cut to the width of the others.
nothing = ["None", "N"]
judge_astropy([Table.read(path, format="parquet") for path in files], "astropy Parquet", False, nothing)
judge_astropy([Table.read(path, format="parquet.votable") for path in files], "astropy VOParquet", True, nothing)
