"""Writes small cubes in the layout of the YSO grids of Robitaille 2017 and Richardson+ 2024 (see ORIGIN.md).

A tool, run once by hand: python makeCubes.py OUTPUT_FOLDER   (needs astropy==8.0.2 numpy)
"""
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

OUT = Path(sys.argv[1])
WAVELENGTHS = np.logspace(-2, np.log10(5000), 12)[::-1]
APERTURES = np.array([100.0, 1e4, 1e6])


def write(name, dtype, parameters, names, valid):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    models = len(names)
    k, a, w = np.meshgrid(np.arange(models), np.arange(len(APERTURES)), np.arange(len(WAVELENGTHS)), indexing="ij")
    values = ((k + 1) * 100 + (a + 1) * 10 + 0.25 * w).astype(dtype)
    values[valid == 0] = np.nan
    values[0, 0, 3] = np.nan
    primary = fits.PrimaryHDU(valid.astype(int))
    primary.header["DISTANCE"] = (3.0856775814671914e21, "Distance assumed for the values, in cm")
    primary.header["NWAV"] = len(WAVELENGTHS)
    primary.header["NAP"] = len(APERTURES)
    tables = [
        ("MODEL_NAMES", [fits.Column("MODEL_NAME", "30A", array=np.array(names))]),
        ("SPECTRAL_INFO", [fits.Column("WAVELENGTH", "D", unit="um", array=WAVELENGTHS),
                           fits.Column("FREQUENCY", "D", unit="Hz", array=2.99792458e14 / WAVELENGTHS)]),
        ("APERTURES", [fits.Column("APERTURE", "D", unit="AU", array=APERTURES)]),
    ]
    units = [primary] + [fits.BinTableHDU.from_columns(columns, name=title) for title, columns in tables]
    for title, data in (("VALUES", values), ("UNCERTAINTIES", values * 0 + 1)):
        image = fits.ImageHDU(data, name=title)
        image.header["BUNIT"] = "mJy"
        units.append(image)
    fits.HDUList(units).writeto(folder / "flux.fits", overwrite=True)
    columns = [fits.Column("MODEL_NAME", "30A", array=np.array(names))]
    columns += [fits.Column(title, "D", array=np.array(column)) for title, column in parameters.items()]
    columns += [fits.Column("scattering", "K", array=np.ones(models, int))]
    columns += [fits.Column("inclination", "D", array=np.linspace(5, 85, models))]
    fits.BinTableHDU.from_columns(columns).writeto(folder / "parameters.fits", overwrite=True)
    print(name, values.shape, values.dtype)


write("sp--s-i", "f4",
      {"star.radius": [0.3924, 28.17, 1, 2], "star.temperature": [5734, 21220, 4000, 3000.0],
       "disk.mass": [1.293e-7, 2.671e-7, 1e-4, 1e-2], "disk.rmax": [621.9, 498.2, 100, 200.0],
       "disk.beta": [1.031, 1.258, 1.1, 1.2], "disk.p": [-1.566, -0.9808, -1, -0.5], "disk.h100": [8.384, 1.22, 10, 5.0]},
      ["001eAZq2_01", "00p13Elr_01", "made_01", "made_02"], np.array([1, 1, 0, 1]))
write("s-ubhmi", "f8",
      {"star.radius": [1.5, 2], "star.temperature": [4200, 9000.0], "envelope.rho_0": [1e-19, 1e-21], "envelope.rc": [200, 900.0],
       "envelope.rmin": [3, 70.0], "cavity.power": [1.5, 1.2], "cavity.theta_0": [20, 45.0], "cavity.rho_0": [1e-21, 1e-22],
       "ambient.density": [1e-23, 1e-23], "ambient.temperature": [10, 10.0]},
      ["first_01", "first_02"], np.array([1, 1]))
