"""Golden numbers from programs that share no step with the simulator (see ORIGIN.md). Usage: python makeGolden.py OUTPUT_FOLDER"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.modeling.models import BlackBody
from dust_extinction.parameter_averages import G23
from scipy import special, stats
from sedpy.observate import load_filters

out = Path(sys.argv[1])
package = Path(find_spec("SEDFit").submodule_search_locations[0])
names = ["gMag", "bpMag", "rpMag", "jMag", "hMag", "ksMag", "w1Mag", "w2Mag", "w3Mag", "w4Mag"]
filters = load_filters(["gaia_g", "gaia_bp", "gaia_rp", "twomass_J", "twomass_H", "twomass_Ks", "wise_w1", "wise_w2", "wise_w3", "wise_w4"])
zero_jy = np.array([3228.75, 3552.01, 2554.95, 1594.0, 1024.0, 666.7, 309.540, 171.787, 31.674, 8.363])


def spectrum(grid, teff, logg):
    flux, table, lam = pickle.load(bz2.BZ2File(package / f"sed_{grid}.p"))
    hit = np.where((table["teff"] == teff) & (abs(table["logg"] - logg) < 0.01) & (abs(table["feh"]) < 0.01))[0][0]
    lam = lam.value
    f = 10 ** flux[hit] / lam
    if grid == "kurucz":
        edge = np.searchsorted(lam, 9.9e4) - 1
        f[edge:] = f[edge] * (lam[edge:] / lam[edge]) ** -4.0
    return lam, f


def vega(lam, f):
    fine = np.geomspace(lam[0], lam[-1], 60000)
    f = np.exp(np.interp(np.log(fine), np.log(lam), np.log(f)))
    # 1 Rsun at 10 pc, and from AB to Vega by the published zero points.
    f = f * (6.957e10 / 3.0856775814913673e19) ** 2
    return fine, f, lambda x: np.array([k.ab_mag(fine, x) for k in filters]) - 2.5 * np.log10(3631 / zero_jy)


stars = []
for grid, teff, logg in [("kurucz", 5750, 4.5), ("kurucz", 10000, 4.0), ("kurucz", 4750, 2.5), ("btsettl", 3000, 4.5), ("btsettl", 4000, 4.5), ("btsettl", 5800, 4.5), ("btsettl", 20000, 4.0)]:
    lam, f = spectrum(grid, teff, logg)
    fine, f, mags = vega(lam, f)
    bare = mags(f)
    stars.append({"atmosphere": grid, "teffK": teff, "loggDex": logg, "avMag": 0, "rv": 3.1, "magnitudes": dict(zip(names, bare.round(5).tolist()))})
    for av, rv in [(0.7, 3.1), (1.5, 3.3), (5.2, 3.9), (12, 5.0)]:
        curve = G23(Rv=rv)(np.clip(fine, 913, 319999) * u.AA)
        stars.append({"atmosphere": grid, "teffK": teff, "loggDex": logg, "avMag": av, "rv": rv,
                      "magnitudes": dict(zip(names, mags(f * 10 ** (-0.4 * av * curve)).round(5).tolist()))})
(out / "photometryGolden.json").write_text(json.dumps({"stars": stars}, indent=1) + "\n")

wave = np.array([0.6218, 0.511, 0.7769, 1.2355, 1.6458, 2.1603, 3.3682, 4.6179, 12.0718, 22.1944]) * u.um
disks = []
for teff, parts in [(4000, [(1400, 0.1)]), (3200, [(1200, 0.05), (400, 0.03), (120, 0.05)]), (9000, [(1500, 0.2), (600, 0.01)])]:
    star = BlackBody(teff * u.K)(wave)
    ratio = sum(l * (teff / t) ** 4 * (BlackBody(t * u.K)(wave) / star).value for t, l in parts)
    disks.append({"teffK": teff, "components": [{"temperatureK": t, "luminosityRatio": l} for t, l in parts],
                  "excessMag": (-2.5 * np.log10(1 + ratio)).tolist()})
(out / "diskGolden.json").write_text(json.dumps({"disks": disks}, indent=1) + "\n")

x = [-5.5, -2, -0.5, 0, 1e-3, 0.3, 1, 2.2, 3.7, 6, 12]
p = [1e-300, 1e-12, 1e-4, 0.02, 0.3, 0.5, 0.77, 0.999, 1 - 1e-12]
ax = [(0.5, 0.1), (0.5, 30), (3, 0.01), (3, 2.9), (50, 40), (50, 80), (500, 520)]
abx = [(0.1, 2, 3), (0.9, 0.5, 0.5), (0.5, 30, 40), (0.01, 1.5, 200), (0.999, 8, 0.2)]
(out / "specialGolden.json").write_text(json.dumps({
    "erf": [[v, float(special.erf(v))] for v in x], "erfc": [[v, float(special.erfc(v))] for v in x],
    "probit": [[v, float(special.ndtri(v))] for v in p], "logGamma": [[v, float(special.gammaln(v))] for v in (0.1, 0.5, 1.5, 7.3, 120.5)],
    "upperGamma": [[a, v, float(special.gammaincc(a, v))] for a, v in ax], "lowerGamma": [[a, v, float(special.gammainc(a, v))] for a, v in ax],
    "chiSquare": [[c, k, float(stats.chi2.sf(c, k))] for c, k in [(1.2, 1), (10, 3), (120, 99), (300, 200)]],
    "beta": [[v, a, b, float(special.betainc(a, b, v))] for v, a, b in abx]}, indent=1) + "\n")
