"""Golden numbers for the photosphere from programs that share no step with it (see ORIGIN.md).

Usage: python makePhotosphereGolden.py OUTPUT_FOLDER
"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.io import fits
from dust_extinction.parameter_averages import CCM89, F19, F99, G23, O94
from sedpy.observate import load_filters

out = Path(sys.argv[1])
laws = {"ccm89": CCM89, "o94": O94, "f99": F99, "f19": F19, "g23": G23}
rvs = {name: [2.0, 2.5, 3.1, 4.0, 5.0, 6.0] for name in laws} | {"g23": [2.3, 2.5, 3.1, 4.0, 5.0, 5.6]}

curves = []
for name, law in laws.items():
    # Away from the sharp borders by a hair, where one program counts the border to the left and the other to the right.
    wave = np.geomspace(1 / law.x_range[1] * 1.0001, 1 / law.x_range[0] * 0.9999, 120)
    for rv in rvs[name]:
        curves.append({"law": name, "rv": rv, "wavelengthUm": [float(f"{w:.9g}") for w in wave],
                       "ratio": [float(f"{a:.8g}") for a in law(Rv=rv)(np.array([float(f"{w:.9g}") for w in wave]) * u.um)]})
(out / "extinctionGolden.json").write_text(json.dumps({"curves": curves}) + "\n")

bands = {
    "gMag": ("gaia_g", 3228.75), "bpMag": ("gaia_bp", 3552.01), "rpMag": ("gaia_rp", 2554.95),
    "jMag": ("twomass_J", 1594.0), "hMag": ("twomass_H", 1024.0), "ksMag": ("twomass_Ks", 666.7),
    "w1Mag": ("wise_w1", 309.540), "w2Mag": ("wise_w2", 171.787), "w3Mag": ("wise_w3", 31.674), "w4Mag": ("wise_w4", 8.363),
    "i1Mag": ("spitzer_irac_ch1", 280.9), "i2Mag": ("spitzer_irac_ch2", 179.7), "i3Mag": ("spitzer_irac_ch3", 115.0),
    "i4Mag": ("spitzer_irac_ch4", 64.9), "m24Mag": ("spitzer_mips_24", 7.17),
    "sdssUMag": ("sdss_u0", 3631), "sdssGMag": ("sdss_g0", 3631), "sdssRMag": ("sdss_r0", 3631), "sdssIMag": ("sdss_i0", 3631), "sdssZMag": ("sdss_z0", 3631),
    "ps1GMag": ("panstarrs_g", 3631), "ps1RMag": ("panstarrs_r", 3631), "ps1IMag": ("panstarrs_i", 3631), "ps1ZMag": ("panstarrs_z", 3631), "ps1YMag": ("panstarrs_y", 3631),
    "johnsonBMag": ("bessell_B", 4063), "johnsonVMag": ("bessell_V", 3636), "cousinsRMag": ("bessell_R", 3064), "cousinsIMag": ("bessell_I", 2416),
}
filters = load_filters([name for name, _ in bands.values()])
to_zero = np.array([2.5 * np.log10(zero / 3631) for _, zero in bands.values()])
packages = Path(find_spec("SEDFit").submodule_search_locations[0])


def magnitudes(wave, flux):
    return [round(float(f.ab_mag(wave, flux) + z), 5) for f, z in zip(filters, to_zero)]


def native(grid):
    flux, table, lam = pickle.load(bz2.BZ2File(packages / f"sed_{grid}.p"))
    return np.asarray(flux), {k: np.asarray(table[k]) for k in ("teff", "logg", "feh", "alpha")}, np.asarray(lam.value)


def spectrum(flux, table, lam, grid, teff, logg, feh):
    hit = np.where((table["teff"] == teff) & (abs(table["logg"] - logg) < 0.01) & (abs(table["feh"] - feh) < 0.01) & (abs(table["alpha"]) < 0.01))[0][0]
    f = 10 ** flux[hit] / lam
    tail = {"kurucz": 9.9e4, "phoenix": 5.49e4, "btsettl": None}[grid]
    if tail is not None:
        edge = np.searchsorted(lam, tail) - 1
        f[edge:] = f[edge] * (lam[edge:] / lam[edge]) ** -4.0
    if teff <= 12000:
        f *= 5.670374e-5 * teff ** 4 / np.trapezoid(f, lam)
    fine = np.geomspace(lam[0], lam[-1], 60000)
    return fine, np.exp(np.interp(np.log(fine), np.log(lam), np.log(np.maximum(f, 1e-60))))


def passed(fine, name, av, rv):
    law = laws[name](Rv=rv)
    low, high = 1e4 / law.x_range[1] * 1.00001, 1e4 / law.x_range[0] * 0.99999
    return 10 ** (-0.4 * av * law(np.clip(fine, low, high) * u.AA) * np.where(fine > high, fine / high, 1) ** -1.61)


stars = []
chosen = {
    "kurucz": [(5750, 4.5, 0), (10000, 4.0, 0), (4750, 2.5, 0), (30000, 4.0, 0), (6000, 4.0, -1.5)],
    "btsettl": [(2600, 5.0, 0), (3000, 4.5, 0), (4000, 4.5, 0), (5800, 4.5, 0), (3300, 0.0, 0)],
    "phoenix": [(3000, 4.5, 0), (4500, 2.0, -0.5), (6500, 4.0, 0.5)],
}
reddenings = [("g23", 1.0, 3.1), ("g23", 5.0, 3.1), ("g23", 2.0, 5.5), ("ccm89", 1.0, 3.1), ("o94", 1.0, 2.5), ("f99", 2.0, 3.1), ("f19", 2.0, 4.0), ("g23", 15.0, 3.1)]
dilution = (6.957e10 / 3.0856775814913673e19) ** 2
for grid, nodes in chosen.items():
    data = native(grid)
    for teff, logg, feh in nodes:
        fine, f = spectrum(*data, grid, teff, logg, feh)
        family = "btSettl" if grid == "btsettl" else grid
        star = {"family": family, "teffK": teff, "loggDex": logg, "fehDex": feh}
        stars.append(star | {"law": "g23", "avMag": 0, "rv": 3.1, "magnitudes": magnitudes(fine, f * dilution)})
        for name, av, rv in reddenings:
            stars.append(star | {"law": name, "avMag": av, "rv": rv, "magnitudes": magnitudes(fine, f * dilution * passed(fine, name, av, rv))})
(out / "magnitudesGolden.json").write_text(json.dumps({"bands": list(bands), "stars": stars}).replace('}, {"family"', '},\n {"family"') + "\n")

# Between the nodes: the log of the native flux is linear in 1 / Teff, log g and [Fe/H], as the simulator means it. And what shines together.
between = {
    "kurucz": [((4250, 4500), (4.0, 4.5), (-0.5, 0)), ((5000, 5250), (4.0, 4.5), (0,)), ((8500, 8750), (3.5, 4.0), (-1.0, -0.5)), ((17000, 18000), (4.0,), (0,)), ((29000, 30000), (4.0,), (0,))],
    "btsettl": [((2500,), (5.0,), (0,)), ((2500, 2600), (4.5, 5.0), (0,)), ((2900, 3000), (5.0,), (0,)), ((3200, 3300), (4.0, 4.5), (0,)), ((3700, 3800), (1.0, 1.5), (0,)), ((4700, 4800), (2.5, 3.0), (0,))],
    "phoenix": [((2500, 2600), (4.5, 5.0), (0,)), ((3200, 3300), (4.5, 5.0), (-0.5, 0)), ((3500, 3600), (1.0,), (0, 0.5)), ((4100, 4200), (4.5,), (0,)), ((5900, 6000), (4.0, 4.5), (-0.5, 0))],
}
dusts = [("g23", 0.0, 3.1), ("g23", 0.7, 3.1), ("f99", 3.0, 3.1), ("ccm89", 4.9, 2.6), ("f19", 4.0, 5.0), ("o94", 2.5, 4.2), ("g23", 5.0, 2.4), ("g23", 5.0, 5.5)]
pairs = {
    "kurucz": [((5750, 4.5, 0, 1.0), (4500, 4.5, 0, 0.7)), ((10000, 4.0, 0, 1.6), (5000, 3.0, 0, 4.0))],
    "btsettl": [((3000, 5.0, 0, 0.2), (2600, 5.0, 0, 0.15)), ((5000, 4.5, 0, 0.8), (3200, 5.0, 0, 0.6))],
}
DEPTH = 0.37  # of the way from node to node, in every coordinate
stars, sums = [], []
for grid, places in between.items():
    data = native(grid)
    family = "btSettl" if grid == "btsettl" else grid
    for teffs, loggs, fehs in places:
        log_f = 0
        for i, teff in enumerate(teffs):
            for j, logg in enumerate(loggs):
                for k, feh in enumerate(fehs):
                    shares = [1 if len(nodes) == 1 else (1 - DEPTH, DEPTH)[n] for nodes, n in ((teffs, i), (loggs, j), (fehs, k))]
                    fine, f = spectrum(*data, grid, teff, logg, feh)
                    log_f = log_f + np.prod(shares) * np.log(f)
        at = lambda nodes: nodes[0] + DEPTH * (nodes[-1] - nodes[0])
        star = {"family": family, "teffK": 1 / at([1 / teff for teff in teffs]), "loggDex": round(at(loggs), 4), "fehDex": round(at(fehs), 4)}
        for name, av, rv in dusts:
            stars.append(star | {"law": name, "avMag": av, "rv": rv, "magnitudes": magnitudes(fine, np.exp(log_f) * dilution * passed(fine, name, av, rv))})
    for pair in pairs.get(grid, []):
        flux = 0
        for teff, logg, feh, radius in pair:
            fine, f = spectrum(*data, grid, teff, logg, feh)
            flux = flux + f * radius ** 2
        of = [dict(zip(("teffK", "loggDex", "fehDex", "radiusRsun"), one)) for one in pair]
        for name, av, rv in dusts:
            sums.append({"family": family, "stars": of, "law": name, "avMag": av, "rv": rv, "magnitudes": magnitudes(fine, flux * dilution * passed(fine, name, av, rv))})
text = json.dumps({"bands": list(bands), "stars": stars, "sums": sums}).replace('}, {"family"', '},\n {"family"')
(out / "betweenNodesGolden.json").write_text(text + "\n")

# What BT-Settl itself says of a poor star: the simulator gets there by PHOENIX's change with abundance.
data = native("btsettl")
poor = [{"teffK": teff, "loggDex": logg, "fehDex": -1.5, "magnitudes": magnitudes((s := spectrum(*data, "btsettl", teff, logg, -1.5))[0], s[1] * dilution)}
        for teff in (3000, 3500, 4500, 5500, 6500, 8000) for logg in (3.5, 4.5)]
(out / "poorStarsGolden.json").write_text(json.dumps({"bands": list(bands), "stars": poor}).replace('}, {"teffK"', '},\n {"teffK"') + "\n")

# CALSPEC's Vega as sedpy carries it: its magnitudes by sedpy's own integration, and its mean flux in the 300 bins.
vega = fits.getdata(Path(find_spec("sedpy").submodule_search_locations[0]) / "data/alpha_lyr_stis_011.fits")
wave, flux = vega["WAVELENGTH"].astype(float), vega["FLUX"].astype(float)
keep = (wave > 900) & (wave < 4e5)
wave, flux = wave[keep], flux[keep]
edges = np.geomspace(1e3, 31e4, 301)
area = np.concatenate([[0], np.cumsum((flux[1:] + flux[:-1]) / 2 * np.diff(wave))])
means = np.diff(np.interp(edges, wave, area)) / np.diff(edges)
(out / "vegaGolden.json").write_text(json.dumps({"bands": list(bands), "magnitudes": magnitudes(wave, flux), "flux": [float(f"{m:.6g}") for m in means]}) + "\n")
