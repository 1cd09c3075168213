"""Model spectra that lie between the nodes of the optical tables (see ORIGIN.md). Usage: python makeStarlightGolden.py OUTPUT_FOLDER"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

package = Path(find_spec("SEDFit").submodule_search_locations[0])
wavelengths = np.arange(340, 1090, 25.0)
stars = []
for grid, family, cases in [
    ("kurucz", "kurucz", [(12000, 4.0), (18000, 4.0), (6250, 4.5), (7250, 3.5), (5250, 2.5), (4750, 1.5)]),
    ("btsettl", "btSettl", [(4100, 4.5), (4500, 2.5), (5200, 4.5), (5800, 4.0), (6200, 4.5), (3400, 1.5)]),
]:
    log_lam_flam, table, lam = pickle.load(bz2.BZ2File(package / f"sed_{grid}.p"))
    lam = np.asarray(lam.value)
    for teff, logg in cases:
        hit = np.where((table["teff"] == teff) & (abs(table["logg"] - logg) < 0.01) & (abs(table["feh"]) < 0.01))[0][0]
        flux = 10 ** np.interp(np.log(wavelengths * 10), np.log(lam), np.asarray(log_lam_flam[hit]) - np.log10(lam))
        stars.append({"family": family, "teffK": teff, "loggDex": logg, "flux": [float(f"{v:.6g}") for v in flux]})
(Path(sys.argv[1]) / "starlightGolden.json").write_text(json.dumps({"wavelengthsNm": wavelengths.tolist(), "stars": stars}) + "\n")
