"""Golden numbers from programs that share no step with the simulator (see ORIGIN.md). Usage: python makeGolden.py OUTPUT_FOLDER"""
import json
import sys
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.modeling.models import BlackBody
from scipy import special, stats

out = Path(sys.argv[1])
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
