"""Reduces pre-main-sequence families and single-star evolution to packed grids for models/simulators/tracks (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reduceFamilies.py young OUTPUT_FOLDER  (needs ysoisochrone==1.2.0 scipy numpy)
       python reduceFamilies.py life OUTPUT_FOLDER   (needs cosmic-popsynth==4.3.3 numpy pandas)
"""
import json
import sys
import warnings
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
KIND, OUT = sys.argv[1], Path(sys.argv[2])
UNDEFINED = 65535


def write(name, what, axes, quantities, array):
    """quantities: (name, offset, step) of the last axis; a value is offset + step x its 16-bit code, 65535 where undefined."""
    offset = np.array([q[1] for q in quantities])
    step = np.array([q[2] for q in quantities])
    codes = np.round((array - offset) / step)
    ok = np.isfinite(codes)
    if codes[ok].min() < 0 or codes[ok].max() >= UNDEFINED:
        raise SystemExit(f"{name}: a value does not fit its code")
    codes = np.where(ok, codes, UNDEFINED).astype(np.uint16)
    # Each code less the one before it in the same quantity, low bytes then high bytes: neighbours are alike, so this packs well.
    flat = codes.reshape(-1, len(quantities)).T
    difference = np.diff(flat, axis=1, prepend=np.uint16(0)).astype("<u2").tobytes()
    data = zlib.compress(difference[0::2] + difference[1::2], 9)
    (OUT / f"{name}.bin").write_bytes(data)
    header = {"what": what, "axes": axes, "quantities": [{"name": n, "offset": o, "step": s} for n, o, s in quantities]}
    (OUT / f"{name}.json").write_text(json.dumps(header) + "\n")
    print(name, array.shape, len(data), "bytes, undefined:", round(float(1 - ok.mean()), 3))


# Table of this folder: matrix of the package, what it is, oldest age that is sound.
FAMILIES = {
    "bhac15": ("Baraffe", "BHAC15 (Baraffe+ 2015)", 8.69),
    "parsec12": ("PARSECv1p2", "PARSEC 1.2S (Bressan+ 2012, Chen+ 2014), Z = 0.014", 9.0),
    "parsec20": ("PARSECv2p0", "PARSEC 2.0 (Costa+ 2019, Nguyen+ 2022), Z = 0.014", 9.0),
    # Above log age 7.6 to 7.77 the package's matrix is corrupt: luminosity zigzags with mass.
    "mist12": ("MIST_v1p2", "MIST 1.2 (Choi+ 2016)", 7.6),
    "siess2000": ("Siess_combined_final", "Siess+ 2000", 9.0),
    "pisa": ("Pisa", "Pisa (Tognelli+ 2011)", 9.0),
    # The package's Feiden_noB never arrives above 1.4 Msun; its other matrix of the same models does.
    "feiden": ("Feiden", "Feiden 2016, not magnetic", 9.0),
    "feidenMagnetic": ("Feiden_B", "Feiden 2016, magnetic", 7.79),
    "spots000": ("SPOTS_Fspot_0000", "SPOTS (Somers+ 2020), spot fraction 0", 7.95),
    "spots017": ("SPOTS_Fspot_0169", "SPOTS (Somers+ 2020), spot fraction 0.169", 7.95),
    "spots034": ("SPOTS_Fspot_0339", "SPOTS (Somers+ 2020), spot fraction 0.339", 7.95),
    "spots051": ("SPOTS_Fspot_0508", "SPOTS (Somers+ 2020), spot fraction 0.508", 7.95),
    "spots085": ("SPOTS_Fspot_0847", "SPOTS (Somers+ 2020), spot fraction 0.847", 7.95),
}


def young():
    from scipy.io import loadmat

    folder = Path(find_spec("ysoisochrone").submodule_search_locations[0]) / "data"
    for name, (matrix, what, oldest) in FAMILIES.items():
        source = loadmat(folder / f"{matrix}_AgeMassGrid_YSO_builtin_matrix.mat")
        ages, masses, grid = source["log_age"][0], np.log10(source["mass"][0]), source["logt_logl"]
        first = max(int(np.searchsorted(masses, -1.0 + 1e-6)) - 1, 0)
        last = int(np.where(np.isfinite(grid[..., 0]).any(axis=0))[0][-1])
        rows = ages <= oldest + 1e-6
        grid = grid[rows][:, first:last + 1].transpose(1, 0, 2)
        axes = [{"name": "logMassMsun", "values": masses[first:last + 1].round(6).tolist()},
                {"name": "logAgeYr", "values": ages[rows].round(6).tolist()}]
        write(f"{name}Young", f"{what}: the nodes of ysoisochrone's matrix", axes,
              [("logTeffK", 3.2, 4e-5), ("logLuminosityLsun", -5.0, 2e-4)], grid)


def settings():
    """COSMIC's defaults, with finer steps and the abundance that Hurley's polynomials are scaled by."""
    path = Path(find_spec("cosmic").submodule_search_locations[0]) / "data/cosmic-settings.json"
    flags = {}
    for category in json.loads(path.read_text()):
        if category["category"] == "bse":
            for option in category["settings"]:
                default = [o["name"] for o in option["options"] if o.get("default")]
                value = default[0] if default else option["options"][0]["name"]
                flags[option["name"]] = eval(value) if isinstance(value, str) and value[0] == "[" else value
    flags.update(bwind=0.0, pts1=0.002, pts2=0.005, pts3=0.01, zsun=0.02)
    return flags


def life():
    from cosmic.evolve import Evolve
    from cosmic.sample.initialbinarytable import InitialBinaryTable

    flags = settings()
    z_sun, z_giants, slope_giants = 0.0177, 0.02, -0.04
    feh = [-2.2, -1.8, -1.4, -1.0, -0.7, -0.4, -0.2, -0.1, 0.0, 0.12, 0.22]
    top, giants_top = np.log10(40), np.log10(20)
    log_mass = np.unique(np.round(np.concatenate([
        np.arange(-1, -0.2, 0.05), np.arange(-0.2, giants_top, 0.0125), [giants_top, giants_top + 1e-4],
        np.arange(1.32, top, 0.03), [top]]), 4))
    u = np.linspace(0, 1, 25)
    # Fraction of the phase's time at node u; giant phases rush towards their end.
    power = {"mainSequence": 1, "hertzsprungGap": 1, "giantBranch": 4, "coreHelium": 1, "asymptoticGiantBranch": 3, "thermallyPulsing": 3}
    names, n = list(power), len(log_mass)
    codes = {0: 0, 1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}
    values = np.full((len(names), len(feh), n, len(u), 3), np.nan)
    ends = np.full((len(feh), n, len(names)), np.nan)
    giants = np.full((len(names), n, len(u)), np.nan)
    m = 10.0 ** log_mass
    for f, abundance in [(-1, None), *enumerate(feh)]:
        z = z_giants if f < 0 else z_sun * 10.0 ** abundance
        table = InitialBinaryTable.InitialBinaries(
            m1=m, m2=np.zeros(n), porb=np.zeros(n), ecc=np.zeros(n), tphysf=np.full(n, 2.0e5), kstar1=np.where(m < 0.7, 0, 1),
            kstar2=np.full(n, 15), metallicity=np.full(n, z))
        _, bcm, _, _ = Evolve.evolve(initialbinarytable=table, BSEDict=flags, dtp=0.0)
        for j in range(n):
            star = bcm[bcm.bin_num == j].sort_values("tphys", kind="stable")
            t, k = star.tphys.to_numpy(), star.kstar_1.to_numpy().astype(int)
            track = np.stack([np.log10(star.teff_1), np.log10(star.lum_1), np.log10(star.mass_1 / m[j])], axis=1)
            phase = np.array([codes.get(x, 9) for x in k])
            begin, before = 0.0, None
            for p, name in enumerate(names):
                inside = np.where(phase == p)[0]
                # Stripped and supergiant lives above 20 Msun are not followed.
                beyond = p >= 2 and log_mass[j] > giants_top + 5e-5
                if len(inside) < 2 or beyond:
                    # A phase that a star skips, or does not reach, has no length and looks like the end of the one before it.
                    if before is not None:
                        values[p, f, j] = before
                    if f >= 0:
                        ends[f, j, p] = begin
                    continue
                if p == 5:
                    # The phase is over once the envelope is nearly gone: what remains turns blue at once.
                    coolest = int(np.argmin(track[inside, 0]))
                    inside = inside[:1 + max(1, coolest)]
                following = inside[-1] + 1
                end = t[following] if following < len(t) else t[inside[-1]]
                x = (t[inside] - begin) / (end - begin)
                at = 1 - (1 - u) ** power[name]
                if p in (0, 1, 3, 4) and following < len(t) and phase[following] > p and phase[following] < 9:
                    # These phases pass into the next without a jump; the one between, the helium flash, is real.
                    inside = np.append(inside, following)
                    x = np.append(x, 1.0)
                begin = end
                if f < 0:
                    giants[p, j] = np.interp(at, x, track[inside, 0])
                    continue
                for c in range(3):
                    values[p, f, j, :, c] = np.interp(at, x, track[inside, c])
                ends[f, j, p] = end
                before = values[p, f, j, -1].copy()
    # Giants' temperatures are not monotonic in abundance in this code (500 K too hot near [Fe/H] -0.4): the reference abundance of
    # Hurley's models stands for the Sun's, with the slope of red-giant branches of Bressan+ 2012, -0.04 dex per dex.
    for f, abundance in enumerate(feh):
        shifted = giants + slope_giants * abundance
        shifted = np.where(np.isnan(shifted), values[:, f, :, :, 0], shifted)
        first = np.where(np.isnan(giants[2, :, 0]), shifted[3, :, 0], shifted[2, :, 0])
        jump = first[:, None] - values[1, f, :, -1:, 0]
        values[1, f, :, :, 0] += np.where(np.isnan(jump), 0, jump) * u
        values[2:, f, :, :, 0] = shifted[2:]
        # Where the branch is skipped it looks like the begin of core helium burning, so that its neighbours in mass meet no other star.
        skips = np.isnan(giants[2, :, 0]) & ~np.isnan(giants[3, :, 0])
        values[2, f, skips, :, 0] = shifted[3, skips, :1]
    # Core helium burning of stars that ignite it in a flash comes out brighter than the red clump is (M_Ks = -1.61, Hawkins+ 2017).
    flash = np.clip((np.log10(2.5) - log_mass) / np.log10(2.5 / 1.9), 0, 1)
    values[3, ..., 1] -= 0.1 * flash[None, :, None] * np.clip((1 - u) / 0.15, 0, 1)
    axes = [{"name": "fehDex", "values": feh}, {"name": "logMassMsun", "values": log_mass.tolist()}]
    write("stellarLife", "single-star evolution (Hurley+ 2000) by COSMIC; node u of a phase lies at time fraction 1 - (1 - u)^power",
          [{"name": "phase", "values": names}, *axes, {"name": "u", "values": u.tolist()}],
          [("logTeffK", 3.2, 4e-5), ("logLuminosityLsun", -5.0, 2e-4), ("logMassLeft", -1.5, 4e-5)], values)
    write("stellarLifetimes", "log10 of the age in years at which each phase ends", axes,
          [(name, 6.0, 1e-4) for name in names], np.log10(ends * 1e6))


young() if KIND == "young" else life()
