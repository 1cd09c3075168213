"""Reduces the published opacities of interstellar dust to the wavelengths of the YSO grids (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reduceDust.py OUTPUT_FOLDER    (needs dust_extinction==1.7 numpy)
"""
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

OUT = Path(sys.argv[1])
source = Path(find_spec("dust_extinction").submodule_search_locations[0]) / "data" / "kext_albedo_WD_MW_5.5A_30_D03.dat"
rows = []
for line in source.read_text().splitlines():
    cells = line.split()
    try:
        rows.append([float(cell) for cell in cells[:5]])
    except ValueError:
        continue
rows = np.array([row for row in rows if len(row) == 5])[::-1]
wavelength, albedo, cosine, _, absorption = rows.T
keep = np.concatenate([[True], np.diff(wavelength) > 0])
wavelength, albedo, cosine, absorption = wavelength[keep], albedo[keep], cosine[keep], absorption[keep]
scattering = absorption * albedo / (1 - albedo)

# Means over each bin of the grid, of the log-log interpolated table: a band narrower than a bin keeps its strength.
nodes = 0.01 * 10 ** (np.log10(5e5) * np.arange(200) / 199)
half = np.log10(5e5) / 199 / 2
out = np.empty((200, 3))
for i, node in enumerate(nodes):
    fine = np.log(node * 10 ** np.linspace(-half, half, 41))
    out[i, 0] = np.mean(np.exp(np.interp(fine, np.log(wavelength), np.log(absorption))))
    out[i, 1] = np.mean(np.exp(np.interp(fine, np.log(wavelength), np.log(np.maximum(scattering, 1e-12)))))
    out[i, 2] = np.mean(np.interp(fine, np.log(wavelength), cosine))
header = {
    "axes": [
        {"name": "wavelengthUm", "values": [float(f"{x:.8g}") for x in nodes]},
        {"name": "quantity", "values": ["absorptionCm2PerG", "scatteringCm2PerG", "meanCosine"]},
    ],
    "shape": [200, 3],
}
np.ascontiguousarray(out, dtype="<f4").tofile(OUT / "dustOpacities.bin")
(OUT / "dustOpacities.json").write_text(json.dumps(header, indent=1) + "\n")
for w in (0.1, 0.55, 2.2, 9.7, 100, 850):
    i = np.argmin(abs(np.log(nodes / w)))
    print(f"{nodes[i]:.3f} um  absorption {out[i, 0]:.4g}  scattering {out[i, 1]:.4g} cm2/g  <cos> {out[i, 2]:.3f}")
