"""Golden numbers of GaiaXPy for real sources (see ORIGIN.md).

Usage: python makeXpGolden.py GAIAXPY_TEST_CSV ASTROQUERY_ZIP OUTPUT_FOLDER
"""
import csv
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from gaiaxpy import PhotometricSystem, calibrate, convert, generate

csv.field_size_limit(10**9)
test_csv, product_zip, out = sys.argv[1:4]
IRREGULAR_NM = np.array([330, 337.3, 351.7, 389.1, 402.25, 486.1, 517.9, 589.3, 630, 635, 637.4, 642.9, 643, 656.3, 700.1, 766.5, 849.8, 932.4, 1000, 1019.5, 1037.7, 1050])
PSEUDO = np.linspace(0, 60, 61)
archive = zipfile.ZipFile(product_zip)
folder = Path(tempfile.mkdtemp())
continuous = folder / "continuous.csv"
continuous.write_bytes(archive.read(next(n for n in archive.namelist() if n.startswith("XP_CONTINUOUS"))))
sampled = list(csv.DictReader(io.StringIO(archive.read(next(n for n in archive.namelist() if n.startswith("XP_SAMPLED"))).decode())))


def numbers(text):
    return [float(v) for v in text.strip("()").split(",")] if text else None


def plain(values):
    """Eight digits; what GaiaXPy cannot give becomes null."""
    return None if values is None else [None if not np.isfinite(v) else float(f"{v:.8g}") for v in np.atleast_1d(np.array(values, dtype=float))]


def column(frame, k, name):
    return plain(frame[name].iloc[k])


sources = []
for path in (test_csv, str(continuous)):
    rows = list(csv.DictReader(open(path)))
    runs = {
        "archive": calibrate(path, save_file=False)[0],
        "truncated": calibrate(path, truncation=True, save_file=False)[0],
        "irregular": calibrate(path, sampling=IRREGULAR_NM, save_file=False)[0],
    }
    inner = convert(path, sampling=PSEUDO, save_file=False)[0]
    photometry = generate(path, photometric_system=[PhotometricSystem.Gaia_DR3_Vega], save_file=False)
    for k, row in enumerate(rows):
        source = {"sourceId": row["source_id"]}
        for band in ("bp", "rp"):
            source[band] = {
                "coefficients": numbers(row[f"{band}_coefficients"]),
                "errors": numbers(row[f"{band}_coefficient_errors"]),
                "correlations": numbers(row[f"{band}_coefficient_correlations"]),
                "relevantBases": int(row[f"{band}_n_relevant_bases"]),
                "measurements": int(row[f"{band}_n_measurements"]),
            } if row[f"{band}_coefficients"] else None
        for name, frame in runs.items():
            source[name] = {"flux": column(frame, k, "flux"), "error": column(frame, k, "flux_error")}
        mine = inner[inner["source_id"].astype(str) == row["source_id"]]
        for band in ("BP", "RP"):
            line = mine[mine["xp"] == band].iloc[0]
            if row[f"{band.lower()}_coefficients"]:
                source[f"internal{band.capitalize()}"] = {"flux": plain(line["flux"]), "error": plain(line["flux_error"])}
        found = photometry.iloc[k]
        source["magnitudes"] = {b: plain(pd.to_numeric(found[f"GaiaDr3Vega_mag_{b}"], errors="coerce"))[0] for b in ("G", "BP", "RP")}
        if path == str(continuous):
            source["published"] = {"flux": [float(r["flux"]) for r in sampled], "error": [float(r["flux_error"]) for r in sampled]}
        sources.append(source)
(Path(out) / "xpGolden.json").write_text(json.dumps({"irregularNm": IRREGULAR_NM.tolist(), "pseudoWavelengths": PSEUDO.tolist(), "sources": sources}) + "\n")
