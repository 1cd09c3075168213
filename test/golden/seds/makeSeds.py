"""Small spectra in the first layout of sedfitter: python makeSeds.py FOLDER"""

import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

WAVELENGTHS = np.array([1000.0, 100.0, 10.0, 1.0, 0.1])
APERTURES = np.array([100.0, 1000.0, 10000.0])
C_UM_PER_S = 2.99792458e14


def write(path, unit="ergs/cm^2/s", star=2.0, total_unit=None, has_star=True):
    """lambda F_lambda of the star is the same at all wavelengths; the whole is a tenth of it in the first aperture, and so on."""
    power = np.full(5, star)
    totals = np.outer([0.1, 0.2, 0.3], power)
    totals[:, 0] = 0
    if unit == "mJy":
        power, totals = (1e26 * x * WAVELENGTHS / C_UM_PER_S for x in (power, totals))
    columns = [fits.Column("WAVELENGTH", "E", "MICRONS", array=WAVELENGTHS)]
    if has_star:
        columns.append(fits.Column("STELLAR_FLUX", "E", unit, array=power))
    fits.HDUList(
        [
            fits.PrimaryHDU(),
            fits.BinTableHDU.from_columns(columns, name="WAVELENGTHS"),
            fits.BinTableHDU.from_columns([fits.Column("APERTURE", "E", "AU", array=APERTURES)], name="APERTURES"),
            fits.BinTableHDU.from_columns(
                [fits.Column("TOTAL_FLUX", "5E", total_unit or unit, array=totals)], name="SEDS"
            ),
        ]
    ).writeto(path, overwrite=True)


folder = Path(sys.argv[1])
write(folder / "flat_1_sed.fits")
write(folder / "milliJansky.fits", unit="mJy")
write(folder / "watts.fits", unit="W")
write(folder / "mixed.fits", total_unit="mJy")
write(folder / "dark.fits", star=0.0)
write(folder / "hole.fits", star=np.nan)
write(folder / "starless.fits", has_star=False)
