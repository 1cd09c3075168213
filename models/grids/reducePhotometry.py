"""Reduces the spectra of SEDFit to magnitudes per band and extinctions per band (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reducePhotometry.py OUTPUT_FOLDER
Needs: SEDFit==0.6.1 astro-sedpy==0.4.1 dust_extinction==1.7 numpy astropy
"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import astropy.units as u
import numpy as np
from dust_extinction.parameter_averages import G23

OUT = Path(sys.argv[1])
PACKAGES = Path(find_spec("SEDFit").submodule_search_locations[0]).parent
C_A_PER_S = 2.99792458e18
RSUN_CM, PC_CM = 6.957e10, 3.0856775814913673e18

# band, file of sedpy, Vega zero point in Jy: Riello+ 2021 (Gaia EDR3), Cohen+ 2003 (2MASS), Jarrett+ 2011 (WISE)
BANDS = [
    ("gMag", "gaia_g", 3228.75), ("bpMag", "gaia_bp", 3552.01), ("rpMag", "gaia_rp", 2554.95),
    ("jMag", "twomass_J", 1594.0), ("hMag", "twomass_H", 1024.0), ("ksMag", "twomass_Ks", 666.7),
    ("w1Mag", "wise_w1", 309.540), ("w2Mag", "wise_w2", 171.787), ("w3Mag", "wise_w3", 31.674), ("w4Mag", "wise_w4", 8.363),
]
LOGG = np.arange(0.0, 5.51, 0.5)
FEH = {"btsettl": [-1.5, -1.0, -0.5, 0.0, 0.3], "kurucz": [-1.5, -1.0, -0.5, 0.0, 0.3]}
TEFF_RANGE = {"btsettl": (2000, 35000), "kurucz": (3500, 35000)}
EXT_TEFF = {"btsettl": [2000, 2300, 2600, 2900, 3200, 3500, 3800, 4200, 4600, 5000, 5600, 6400, 7600, 9000, 11000, 14000, 20000, 35000],
            "kurucz": [3500, 3750, 4000, 4250, 4500, 5000, 5500, 6500, 7500, 9000, 11000, 14000, 20000, 35000]}
EXT_LOGG = [0.5, 2.5, 4.0, 5.0]
AV = [0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0]
RV = [2.3, 2.7, 3.1, 3.6, 4.2, 4.8, 5.5]


def passband(name):
    rows = []
    for line in (PACKAGES / "sedpy/data/filters" / f"{name}.par").read_text().splitlines():
        parts = line.replace("KFILTER", "").split()
        try:
            rows.append((float(parts[0]), float(parts[1])))
        except (IndexError, ValueError):
            continue
    curve = np.array(rows)
    return curve[:, 0], np.clip(curve[:, 1], 0, None)


def spectra(grid):
    with bz2.BZ2File(PACKAGES / "SEDFit" / f"sed_{grid}.p") as handle:
        log_lam_flam, table, lam = pickle.load(handle)
    lam = np.asarray(lam.value)
    log_f = np.asarray(log_lam_flam) - np.log10(lam)
    if grid == "kurucz":
        # The packed tail beyond 9.9 um falls off too fast (a black body in the wrong unit): Rayleigh-Jeans instead.
        edge = np.searchsorted(lam, 9.9e4) - 1
        log_f[:, edge:] = log_f[:, edge:edge + 1] - 4 * np.log10(lam[edge:] / lam[edge])
    return lam, log_f, {k: np.asarray(table[k]) for k in ("teff", "logg", "feh")}


def refine(lam, log_f, factor=4):
    """Log-log interpolation on a grid `factor` times finer, so that steep passband edges are integrated well."""
    steps = np.arange(len(lam))
    fine = np.linspace(0, len(lam) - 1, (len(lam) - 1) * factor + 1)
    low = np.minimum(fine.astype(int), len(lam) - 2)
    w = fine - low
    log_lam = np.log10(lam)
    x = log_lam[low] * (1 - w) + log_lam[low + 1] * w
    return 10 ** x, log_f[:, low] * (1 - w) + log_f[:, low + 1] * w


def band_weights(lam):
    """[band, wavelength] trapezoid weights of T * lambda, photon counting."""
    d = np.empty_like(lam)
    d[1:-1] = (lam[2:] - lam[:-2]) / 2
    d[0], d[-1] = (lam[1] - lam[0]) / 2, (lam[-1] - lam[-2]) / 2
    rows, offsets = [], []
    for _, name, jy in BANDS:
        x, t = passband(name)
        weight = np.interp(lam, x, t, left=0, right=0) * lam * d
        norm = np.trapezoid(t * x, x)
        pivot2 = norm / np.trapezoid(t / x, x)
        zero_flam = jy * 1e-23 * C_A_PER_S / pivot2
        print(name, "pivot", round(pivot2 ** 0.5, 1))
        rows.append(weight)
        # The norm is taken on the same wavelengths as the flux, so that a flat spectrum is exact.
        offsets.append(2.5 * np.log10(zero_flam * weight.sum()))
    return np.array(rows), np.array(offsets)


def write(name, header, array):
    array = np.ascontiguousarray(array, dtype="<f4")
    (OUT / f"{name}.bin").write_bytes(array.tobytes())
    header["shape"] = list(array.shape)
    (OUT / f"{name}.json").write_text(json.dumps(header, indent=1) + "\n")
    print(name, array.shape, array.nbytes, "bytes, undefined:", np.isnan(array).mean())


dilution = 5 * np.log10(10 * PC_CM / RSUN_CM)
for grid in ("btsettl", "kurucz"):
    lam, log_f, t = spectra(grid)
    lo, hi = TEFF_RANGE[grid]
    teffs = np.unique(t["teff"])
    teffs = teffs[(teffs >= lo) & (teffs <= hi)]
    fine, _ = refine(lam, log_f[:1])
    weights, offsets = band_weights(fine)

    def magnitudes(index, attenuation=None):
        _, lf = refine(lam, log_f[index])
        w = weights if attenuation is None else weights * attenuation
        return -2.5 * np.log10(10 ** lf @ w.T) + offsets + dilution

    out = np.full((len(FEH[grid]), len(teffs), len(LOGG), len(BANDS)), np.nan)
    feh_nodes = np.unique(np.round(t["feh"], 2))
    print(grid, "feh in package:", feh_nodes, "alpha", "teff", len(teffs))
    for i, feh in enumerate(FEH[grid]):
        assert np.any(abs(feh_nodes - feh) < 0.01), feh
        for j, teff in enumerate(teffs):
            for k, logg in enumerate(LOGG):
                hit = np.where((abs(t["feh"] - feh) < 0.01) & (t["teff"] == teff) & (abs(t["logg"] - logg) < 0.01))[0]
                if len(hit):
                    out[i, j, k] = magnitudes(hit[:1])[0]
    # BT-Settl lacks most gravities at [Fe/H] -0.5 below 3000 K: the mean of -1.0 and 0.0 stands in.
    for i in range(1, len(FEH[grid]) - 1):
        low, high = FEH[grid][i] - FEH[grid][i - 1], FEH[grid][i + 1] - FEH[grid][i]
        cool = (teffs < 3000)[:, None, None] & np.isnan(out[i])
        out[i] = np.where(cool, (out[i - 1] * high + out[i + 1] * low) / (low + high), out[i])
    write(f"{grid}Magnitudes", {
        "what": "absolute Vega magnitude of a star of 1 Rsun at 10 pc, no extinction",
        "axes": [{"name": "fehDex", "values": FEH[grid]}, {"name": "teffK", "values": teffs.tolist()},
                 {"name": "loggDex", "values": LOGG.tolist()}, {"name": "band", "values": [b[0] for b in BANDS]}]}, out)

    k = np.full((len(EXT_TEFF[grid]), len(EXT_LOGG), len(RV), len(AV), len(BANDS)), np.nan)
    for r, rv in enumerate(RV):
        curve = G23(Rv=rv)(np.clip(fine, 913, 319999) * u.AA)
        for a, av in enumerate(AV):
            # The limit of A_band / A_V at zero is a derivative; 1e-3 mag reaches it to 1e-5.
            step = max(av, 1e-3)
            attenuation = 10 ** (-0.4 * step * curve)
            for i, teff in enumerate(EXT_TEFF[grid]):
                for j, logg in enumerate(EXT_LOGG):
                    have = np.where((abs(t["feh"]) < 0.01) & (t["teff"] == teff))[0]
                    # Hot models of low gravity do not exist: the nearest gravity stands in, the effect is below 0.01.
                    near = have[np.argmin(abs(t["logg"][have] - logg))]
                    pick = np.array([near])
                    k[i, j, r, a] = (magnitudes(pick, attenuation)[0] - magnitudes(pick)[0]) / step
    write(f"{grid}Extinctions", {
        "what": "A_band / A_V of a reddened star, G23 law applied to the spectrum",
        "axes": [{"name": "teffK", "values": EXT_TEFF[grid]}, {"name": "loggDex", "values": EXT_LOGG}, {"name": "rv", "values": RV},
                 {"name": "avMag", "values": AV}, {"name": "band", "values": [b[0] for b in BANDS]}]}, k)
