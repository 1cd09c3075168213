"""Reduces the spectra of SEDFit to 300 bins and the passbands of sedpy to weights on them (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reduceSpectra.py OUTPUT_FOLDER
Needs: SEDFit==0.6.1 astro-sedpy==0.4.1 dust_extinction==1.7 numpy astropy brotli
"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import astropy.units as u
import brotli
import numpy as np
from dust_extinction.parameter_averages import G23

OUT = Path(sys.argv[1])
PACKAGES = Path(find_spec("SEDFit").submodule_search_locations[0]).parent
C_A_PER_S = 2.99792458e18
EDGES_A = np.geomspace(1e3, 31e4, 301)

# band, file of sedpy, zero point in Jy, its source
RIELLO, COHEN, JARRETT = "Riello+ 2021", "Cohen+ 2003", "Jarrett+ 2011"
REACH, RIEKE, AB, BESSELL = "Reach+ 2005", "Rieke+ 2008", "AB", "Bessell+ 1998"
BANDS = [
    ("gMag", "gaia_g", 3228.75, RIELLO), ("bpMag", "gaia_bp", 3552.01, RIELLO), ("rpMag", "gaia_rp", 2554.95, RIELLO),
    ("jMag", "twomass_J", 1594.0, COHEN), ("hMag", "twomass_H", 1024.0, COHEN), ("ksMag", "twomass_Ks", 666.7, COHEN),
    ("w1Mag", "wise_w1", 309.540, JARRETT), ("w2Mag", "wise_w2", 171.787, JARRETT),
    ("w3Mag", "wise_w3", 31.674, JARRETT), ("w4Mag", "wise_w4", 8.363, JARRETT),
    ("i1Mag", "spitzer_irac_ch1", 280.9, REACH), ("i2Mag", "spitzer_irac_ch2", 179.7, REACH),
    ("i3Mag", "spitzer_irac_ch3", 115.0, REACH), ("i4Mag", "spitzer_irac_ch4", 64.9, REACH),
    ("m24Mag", "spitzer_mips_24", 7.17, RIEKE),
    ("sdssUMag", "sdss_u0", 3631.0, AB), ("sdssGMag", "sdss_g0", 3631.0, AB), ("sdssRMag", "sdss_r0", 3631.0, AB),
    ("sdssIMag", "sdss_i0", 3631.0, AB), ("sdssZMag", "sdss_z0", 3631.0, AB),
    ("ps1GMag", "panstarrs_g", 3631.0, AB), ("ps1RMag", "panstarrs_r", 3631.0, AB), ("ps1IMag", "panstarrs_i", 3631.0, AB),
    ("ps1ZMag", "panstarrs_z", 3631.0, AB), ("ps1YMag", "panstarrs_y", 3631.0, AB),
    ("johnsonBMag", "bessell_B", 4063.0, BESSELL), ("johnsonVMag", "bessell_V", 3636.0, BESSELL),
    ("cousinsRMag", "bessell_R", 3064.0, BESSELL), ("cousinsIMag", "bessell_I", 2416.0, BESSELL),
]

# Bands from here on are so narrow that the bins lose some of what a spectrum does within and across their edges.
NARROW = BANDS[15:]
NARROW_A = (2800, 11600)
DETAIL_STEPS_PER_DEX = 20000
# How a detail changes behind dust is not quite linear: measured here, it is right within 0.002 mag up to A_V 5 of every law.
DETAIL_AV = 4

LOGG = np.arange(0.0, 6.01, 0.5)
ALL_FEH = [-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5]
# Of BT-Settl as packed half of the spectra of [Fe/H] other than 0 and -1.5 miss up to two thirds of their flux: the Sun's abundance alone
# is taken, the simulator gets the others by the differences of PHOENIX. Above 12,000 K it lacks 5 to 13% of the flux, and 30% at low gravity.
FEH = {"kurucz": ALL_FEH, "btSettl": [0.0], "phoenix": ALL_FEH}
TEFF_RANGE = {"kurucz": (4000, 50000), "btSettl": (2000, 12000), "phoenix": (2300, 12000)}


def is_sound(family, t):
    """Spectra that stick out from their neighbours in temperature, by up to 2 mag, are left out."""
    if family == "kurucz":
        return ~((t["feh"] < -1.9) & (t["teff"] < 4600))
    if family == "btSettl":
        outliers = (t["teff"] == 3500) & (t["logg"] == 1.5) | (t["teff"] == 7400) & (t["logg"] == 0)
        return ~(outliers | (t["teff"] < 2800) & (abs(t["logg"] - 2.5) < 0.01))
    return np.ones(len(t["teff"]), bool)


# What a packed spectrum ends with: beyond these wavelengths it goes on as lambda^-4.
TAIL_A = {"kurucz": 9.9e4, "btSettl": None, "phoenix": 5.49e4}
STEPS_PER_DEX = 4000
DEEPEST = 0xFFFE


def spectra(family):
    with bz2.BZ2File(PACKAGES / "SEDFit" / f"sed_{family.lower()}.p") as handle:
        log_lam_flam, table, lam = pickle.load(handle)
    lam = np.asarray(lam.value)
    t = {k: np.asarray(table[k]) for k in ("teff", "logg", "feh", "alpha")}
    keep = (abs(t["alpha"]) < 0.01) & np.any([abs(t["feh"] - feh) < 0.01 for feh in FEH[family]], axis=0)
    keep &= (t["teff"] >= TEFF_RANGE[family][0]) & (t["teff"] <= TEFF_RANGE[family][1]) & is_sound(family, t)
    log_f = np.asarray(log_lam_flam)[keep] - np.log10(lam)
    if TAIL_A[family] is not None:
        edge = np.searchsorted(lam, TAIL_A[family]) - 1
        log_f[:, edge:] = log_f[:, edge:edge + 1] - 4 * np.log10(lam[edge:] / lam[edge])
    t = {k: v[keep] for k, v in t.items()}
    # By definition a star of luminosity L has L = 4 pi R^2 sigma Teff^4; the spherical models of giants are given at a larger radius
    # (up to 36% fainter), and the packed ATLAS9 ones keep to it within 0.2%. Hotter, light beyond the shortest wavelength counts too.
    bolometric = np.trapezoid(10 ** log_f, lam, axis=1) / (5.670374e-5 * t["teff"] ** 4)
    factor = np.where(t["teff"] <= 12000, bolometric, 1)
    print(family, "flux over sigma Teff^4:", np.percentile(factor, [0, 5, 50, 95, 100]).round(3))
    return lam, log_f - np.log10(factor)[:, None], t


def bin_means(lam, log_f, parts=8):
    """log10 of the mean flux in each bin: log-log between the points, so that infrared tails are right, then trapezoids."""
    x = np.log10(lam)
    steps = np.interp(np.arange((len(x) - 1) * parts + 1) / parts, np.arange(len(x)), x)
    fine = np.unique(np.concatenate([steps, np.log10(EDGES_A)]))
    fine = fine[(fine >= np.log10(EDGES_A[0]) - 1e-12) & (fine <= np.log10(EDGES_A[-1]) + 1e-12)]
    low = np.clip(np.searchsorted(x, fine, side="right") - 1, 0, len(x) - 2)
    w = (fine - x[low]) / (x[low + 1] - x[low])
    wave = 10 ** fine
    starts = np.searchsorted(fine, np.log10(EDGES_A) - 1e-12)[:-1]
    out = np.empty((len(log_f), 300))
    for i in range(0, len(log_f), 200):
        part = log_f[i:i + 200]
        peak = part.max(axis=1, keepdims=True)
        f = 10 ** (part[:, low] * (1 - w) + part[:, low + 1] * w - peak)
        area = (f[:, 1:] + f[:, :-1]) / 2 * np.diff(wave)
        out[i:i + 200] = np.log10(np.add.reduceat(area, starts, axis=1) / np.diff(EDGES_A)) + peak
    return out


def pack(rows):
    """16-bit counts, differences along each row, low bytes apart from high ones: what brotli packs best."""
    rows = rows.astype(np.int64)
    delta = np.ascontiguousarray(np.diff(rows, axis=1, prepend=0) & 0xFFFF)
    data = delta.astype("<u2").view(np.uint8).reshape(-1, 2)
    return brotli.compress(data[:, 0].tobytes() + data[:, 1].tobytes(), quality=11, lgwin=24)


def native_weights(lam):
    """Wavelengths and each narrow band's photon-counting weights on them: trapezoids between the points of the spectra and of the curves."""
    curves = [passband(name) for _, name, _, _ in NARROW]
    near = lam[(lam > NARROW_A[0]) & (lam < NARROW_A[1])]
    points = [np.interp(np.arange((len(near) - 1) * 8 + 1) / 8, np.arange(len(near)), near), *[x for x, _ in curves]]
    wave = np.unique(np.concatenate(points))
    wave = wave[(wave >= NARROW_A[0]) & (wave <= NARROW_A[1])]
    step = np.diff(wave)
    width = (np.append(step, 0) + np.append(0, step)) / 2
    weights = np.stack([np.interp(wave, x, t, left=0, right=0) * wave * width for x, t in curves], axis=1)
    return wave, weights / weights.sum(axis=0)


def bin_weights():
    bands = json.loads((OUT / "passbands.json").read_text())["bands"][-len(NARROW):]
    weights, moments = np.zeros((2, 300, len(bands)))
    for i, band in enumerate(bands):
        seen = slice(band["firstBin"], band["firstBin"] + len(band["weights"]))
        weights[seen, i], moments[seen, i] = band["weights"], band["moments"]
    return weights, moments, np.array([band["tiltBins"] for band in bands])


def rises(flux):
    """As in syntheticPhotometry.ts."""
    before, after = np.diff(flux, axis=1)[:, :-1], np.diff(flux, axis=1)[:, 1:]
    least = np.where(abs(before) < abs(after), before, after)
    return np.pad(np.where(before * after > 0, least, 0), ((0, 0), (1, 1)))


def details(lam, log_f, means):
    """Of each narrow band log10 of its mean flux over what the bins give: bare, then the change with the tilt that dust gives to the band."""
    weights, moments, tilt_bins = bin_weights()
    wave, native = native_weights(lam)
    x, at = np.log10(lam), np.log10(wave)
    low = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    w = (at - x[low]) / (x[low + 1] - x[low])
    law = G23(Rv=3.1)
    # Wavelengths beyond the law are in no narrow band.
    middles = np.sqrt(EDGES_A[1:] * EDGES_A[:-1])
    passed, binned = 10 ** (-0.4 * DETAIL_AV * law(wave * u.AA)), 10 ** (-0.4 * DETAIL_AV * law(np.clip(middles, 1e3, 3e5) * u.AA))
    depth = -np.log(binned)
    tilt = depth[tilt_bins[:, 0]] - depth[tilt_bins[:, 1]]
    out = []
    for i in range(0, len(log_f), 200):
        part = log_f[i:i + 200]
        peak = part.max(axis=1, keepdims=True)
        flux = 10 ** (part[:, low] * (1 - w) + part[:, low + 1] * w - peak)
        bins = 10 ** (means[i:i + 200] - peak)
        bare = np.log10(flux @ native / (bins @ weights + rises(bins) @ moments))
        dimmed = np.log10((flux * passed) @ native / ((bins * binned) @ weights + rises(bins * binned) @ moments))
        out.append(np.concatenate([bare, (dimmed - bare) / tilt], axis=1))
    return np.concatenate(out)


def write_spectra(family):
    lam, log_f, t = spectra(family)
    means = bin_means(lam, log_f)
    teffs = np.unique(t["teff"])
    nodes, order = [], []
    for feh in FEH[family]:
        for teff in teffs:
            for logg in LOGG:
                hit = np.where((abs(t["feh"] - feh) < 0.01) & (t["teff"] == teff) & (abs(t["logg"] - logg) < 0.01))[0]
                nodes.append(len(hit) > 0)
                order.extend(hit[:1])
    means, log_f = means[order], log_f[order]
    peaks = np.round(means.max(axis=1), 4)
    counts = np.clip(np.round((peaks[:, None] - means) * STEPS_PER_DEX), 0, DEEPEST).astype(np.uint16)
    packed = pack(counts)
    (OUT / f"{family}Spectra.bin.br").write_bytes(packed)
    header = {
        "what": "log10 of the mean surface F_lambda (erg/s/cm2/A) in the 300 bins of wavelengths.ts",
        "stepsPerDex": STEPS_PER_DEX,
        "detailStepsPerDex": DETAIL_STEPS_PER_DEX,
        "axes": [{"name": "fehDex", "values": FEH[family]}, {"name": "teffK", "values": teffs.astype(int).tolist()}, {"name": "loggDex", "values": LOGG.tolist()}],
        "nodes": "".join("1" if there else "0" for there in nodes),
        "peaks": peaks.tolist(),
    }
    (OUT / f"{family}Spectra.json").write_text(json.dumps(header) + "\n")
    print(family, len(means), "spectra of", len(nodes), "nodes,", counts.nbytes, "->", len(packed), "bytes")
    lost = details(lam, log_f, peaks[:, None] - counts / STEPS_PER_DEX)
    steps = np.round(lost * DETAIL_STEPS_PER_DEX)
    assert abs(steps).max() < 0x7FFF
    packed = pack(steps.astype(np.int64).T)
    (OUT / f"{family}Details.bin.br").write_bytes(packed)
    print(family, "details of", lost.shape, "largest", abs(lost).max(axis=0).round(4), "->", len(packed), "bytes")


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


def write_passbands():
    bands = []
    for band, name, zero_jy, source in BANDS:
        x, t = passband(name)
        fine = np.unique(np.concatenate([EDGES_A, np.interp(np.arange((len(x) - 1) * 16 + 1) / 16, np.arange(len(x)), x)]))
        fine = fine[(fine >= EDGES_A[0]) & (fine <= EDGES_A[-1])]
        response = np.interp(fine, x, t, left=0, right=0) * fine
        middle = (fine[1:] + fine[:-1]) / 2
        area = (response[1:] + response[:-1]) / 2 * np.diff(fine)
        which = np.searchsorted(EDGES_A, middle) - 1
        weight = np.bincount(which, area, minlength=300)
        # How far, in bins, the light that the band takes from a bin lies from the bin's middle: edges of bands cut bins.
        place = (np.log(middle) - np.log(EDGES_A[0])) / np.log(EDGES_A[1] / EDGES_A[0]) - (which + 0.5)
        moment = np.bincount(which, area * place, minlength=300)
        total = weight.sum()
        pivot2 = total / (np.sum(area / middle ** 2))
        used = np.where(weight > 1e-7 * weight.max())[0]
        first, last = used[0], used[-1] + 1
        bands.append({
            "name": band, "system": "AB" if source == AB else "Vega", "zeroPointJy": zero_jy, "zeroPointSource": source,
            "curve": f"sedpy {name}", "pivotUm": round(pivot2 ** 0.5 / 1e4, 7), "firstBin": int(first),
            "weights": [float(f"{w:.7g}") for w in weight[first:last] / weight[first:last].sum()],
            "moments": [float(f"{m:.5g}") for m in moment[first:last] / weight[first:last].sum()],
        })
        if band in [narrow[0] for narrow in NARROW]:
            reached = np.cumsum(weight) / total
            bands[-1]["tiltBins"] = [int(np.argmax(reached > 0.1)), int(np.argmax(reached > 0.9))]
        print(band, bands[-1]["pivotUm"], last - first)
    (OUT / "passbands.json").write_text("{\n \"bands\": [\n  " + ",\n  ".join(json.dumps(b) for b in bands) + "\n ]\n}\n")


write_passbands()
for one in FEH:
    write_spectra(one)
