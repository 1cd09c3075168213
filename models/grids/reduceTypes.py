"""Mean BOSS spectra of spectral types -> bossTypes.bin and bossTypes.json.

    python reduceTypes.py pyhammer_kesseli2017_templates.fits pyhammer_kesseli2017_index.csv

Kesseli et al. 2017: means of dwarfs of [Fe/H] about 0, A6 to M8, in bins of 3e-4 in log10 of the vacuum wavelength. Hotter ones are left
out: few stars, many of them of the halo's horizontal branch, and they do not agree with each other.
"""

import csv
import json
import sys

import numpy as np
from astropy.io import fits

spectra, index = sys.argv[1:]
with fits.open(spectra) as file:
    fluxes, angstrom = file["FLUX"].data, file["WAVELENGTH"].data
with open(index) as lines:
    rows = {row["sptype"]: k for k, row in enumerate(csv.DictReader(lines)) if row["feh"] == "+0.0"}
types = sorted((kind for kind in rows if kind >= "A6"), key=lambda kind: ("AFGKM".index(kind[0]), kind))
values = np.array([fluxes[rows[kind]] / np.median(fluxes[rows[kind]]) for kind in types], dtype="<f4")
header = {
    "what": "mean F_lambda of dwarfs of a spectral type over its median",
    "axes": [
        {"name": "type", "values": types},
        {"name": "vacuumAngstrom", "values": [round(float(wavelength), 2) for wavelength in angstrom]},
    ],
    "shape": list(values.shape),
}
with open("bossTypes.json", "w") as out:
    json.dump(header, out)
    out.write("\n")
values.tofile("bossTypes.bin")
print(values.shape, types)
