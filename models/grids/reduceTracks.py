"""Reduces published pre-main-sequence tables and single-star evolution to compact grids (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reduceTracks.py young OUTPUT_FOLDER    (needs ysoisochrone==1.2.0 scipy numpy)
       python reduceTracks.py evolved OUTPUT_FOLDER  (needs cosmic-popsynth==4.3.3 numpy pandas)
"""
import json
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
KIND, OUT = sys.argv[1], Path(sys.argv[2])


def write(name, header, array):
    array = np.ascontiguousarray(array, dtype="<f4")
    (OUT / f"{name}.bin").write_bytes(array.tobytes())
    header["shape"] = list(array.shape)
    (OUT / f"{name}.json").write_text(json.dumps(header, indent=1) + "\n")
    print(name, array.shape, array.nbytes, "bytes, undefined:", round(float(np.isnan(array).mean()), 3))


def young():
    from scipy.io import loadmat

    folder = Path(find_spec("ysoisochrone").submodule_search_locations[0]) / "data"
    ages = np.round(np.arange(5.70, 9.0001, 0.03), 2)
    log_mass = np.round(np.arange(-1.0, 0.8451, 0.0125), 4)

    def load(name):
        d = loadmat(folder / f"{name}_AgeMassGrid_YSO_builtin_matrix.mat")
        la, m, g = d["log_age"][0], np.log10(d["mass"][0]), d["logt_logl"]
        out = np.full((len(ages), len(log_mass), 2), np.nan)
        rows = np.full((len(ages), len(m), 2), np.nan)
        for i, age in enumerate(ages):
            if age > la[-1] + 1e-6:
                continue
            k = min(max(np.searchsorted(la, age) - 1, 0), len(la) - 2)
            w = min(max((age - la[k]) / (la[k + 1] - la[k]), 0.0), 1.0)
            rows[i] = g[k] if w < 1e-6 else g[k + 1] if w > 1 - 1e-6 else g[k] * (1 - w) + g[k + 1] * w
        for i in range(len(ages)):
            ok = np.isfinite(rows[i, :, 0])
            if ok.sum() < 2:
                continue
            # Only between neighbours that both exist: a gap in the source stays a gap here.
            for c in range(2):
                out[i, :, c] = np.interp(log_mass, m[ok], rows[i, ok, c], left=np.nan, right=np.nan)
            position = np.searchsorted(m, log_mass)
            for j, p in enumerate(position):
                if not (0 < p < len(m) and ok[p - 1] and ok[p]):
                    out[i, j] = np.nan
        return out

    axes = [{"name": "logAgeYr", "values": ages.tolist()}, {"name": "logMassMsun", "values": log_mass.tolist()},
            {"name": "quantity", "values": ["logTeffK", "logLuminosityLsun"]}]
    parsec, bhac, pisa = load("PARSECv1p2"), load("Baraffe"), load("Pisa")
    # BHAC15 ends at log age 8.69: beyond, low-mass stars go on by the change that PARSEC gives them.
    last = int(np.searchsorted(ages, 8.69 + 1e-9)) - 1
    for i in range(last + 1, len(ages)):
        bhac[i] = bhac[last] + parsec[i] - parsec[last]
    # BHAC15 up to 1 Msun, Pisa from 1.35 Msun, mixed in between.
    w = np.clip(log_mass / np.log10(1.35), 0, 1)[None, :, None]
    merged = np.where(w == 0, bhac, np.where(w == 1, pisa, bhac * (1 - w) + pisa * w))
    for name, what, grid in (("parsecTracks", "PARSEC 1.2S", parsec),
                             ("baraffePisaTracks", "BHAC15 up to 1 Msun, Pisa from 1.35 Msun, mixed in between", merged)):
        write(name, {"what": what + ", solar abundance", "axes": axes}, grid)


def evolved():
    from cosmic.evolve import Evolve
    from cosmic.sample.initialbinarytable import InitialBinaryTable

    settings = json.loads((Path(find_spec("cosmic").submodule_search_locations[0]) / "data/cosmic-settings.json").read_text())
    flags = {}
    for category in settings:
        if category["category"] == "bse":
            for option in category["settings"]:
                default = [o["name"] for o in option["options"] if o.get("default")]
                value = default[0] if default else option["options"][0]["name"]
                flags[option["name"]] = eval(value) if isinstance(value, str) and value[0] == "[" else value
    # No mass loss before the thermal pulses: the mass a star shows is the mass it was born with.
    # zsun is the abundance that Hurley's polynomials are scaled by; COSMIC's default of 0.014 shifts every star to a wrong abundance.
    flags.update(neta=1e-9, bwind=0.0, windflag=0, pts1=0.005, pts2=0.005, pts3=0.01, zsun=0.02)
    z_sun, z_giants, slope_giants = 0.0152, 0.02, -0.04
    feh = [-1.5, -1.0, -0.7, -0.4, -0.2, 0.0, 0.15, 0.29]
    log_mass = np.unique(np.round(np.concatenate([np.arange(-1.0, -0.2, 0.05), np.arange(-0.2, 0.8451, 0.015), [0.8451]]), 4))
    u = np.linspace(0, 1, 33)
    # Fraction of the phase's time at node u; giant phases rush towards their end.
    power = {"mainSequence": 1, "hertzsprungGap": 1, "giantBranch": 4, "coreHelium": 1, "asymptoticGiantBranch": 3}
    codes = {0: 0, 1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
    names = list(power)
    values = np.full((len(names), len(feh), len(log_mass), len(u), 2), np.nan)
    ends = np.full((len(feh), len(log_mass), len(names)), np.nan)
    n = len(log_mass)
    giants = np.full((len(names), len(log_mass), len(u)), np.nan)
    for f, abundance in [(-1, None), *enumerate(feh)]:
        m = 10.0 ** log_mass
        z = z_giants if f < 0 else z_sun * 10.0 ** abundance
        table = InitialBinaryTable.InitialBinaries(
            m1=m, m2=np.zeros(n), porb=np.zeros(n), ecc=np.zeros(n), tphysf=np.full(n, 2.0e5), kstar1=np.where(m < 0.7, 0, 1),
            kstar2=np.full(n, 15), metallicity=np.full(n, z))
        _, bcm, _, _ = Evolve.evolve(initialbinarytable=table, BSEDict=flags, dtp=0.0)
        for j in range(n):
            star = bcm[bcm.bin_num == j]
            t, k = star.tphys.to_numpy(), star.kstar_1.to_numpy().astype(int)
            lt, ll = np.log10(star.teff_1.to_numpy()), np.log10(star.lum_1.to_numpy())
            order = np.argsort(t, kind="stable")
            t, k, lt, ll = t[order], k[order], lt[order], ll[order]
            phase = np.array([codes.get(x, 9) for x in k])
            begin = 0.0
            for p, name in enumerate(names):
                inside = np.where(phase == p)[0]
                if len(inside) < 2:
                    # A phase that a star skips, or does not reach, has no length.
                    if f < 0:
                        continue
                    ends[f, j, p] = begin if p else np.nan
                    continue
                following = inside[-1] + 1
                end = t[following] if following < len(t) else t[inside[-1]]
                x = (t[inside] - begin) / (end - begin)
                at = 1 - (1 - u) ** power[name]
                if f < 0:
                    giants[p, j] = np.interp(at, x, lt[inside])
                    begin = end
                    continue
                values[p, f, j, :, 0] = np.interp(at, x, lt[inside])
                values[p, f, j, :, 1] = np.interp(at, x, ll[inside])
                ends[f, j, p] = end
                begin = end
    # Giants' temperatures are not monotonic in abundance in this code (500 K too hot near [Fe/H] -0.4): the reference abundance of
    # Hurley's models stands for the Sun's, with the slope of red-giant branches of Bressan+ 2012, -0.04 dex per dex.
    for f, abundance in enumerate(feh):
        shifted = giants + slope_giants * abundance
        jump = shifted[2, :, :1] - values[2, f, :, :1, 0]
        values[1, f, :, :, 0] += np.where(np.isnan(jump), 0, jump) * u
        values[2:, f, :, :, 0] = shifted[2:]
    # Core helium burning comes out brighter than the red clump is (M_Ks = -1.61, Hawkins+ 2017).
    values[3, ..., 1] -= 0.1
    axes = [{"name": "fehDex", "values": feh}, {"name": "logMassMsun", "values": log_mass.tolist()}]
    write("evolvedTracks", {
        "what": "single-star evolution (Hurley+ 2000) by COSMIC; node u of a phase lies at time fraction 1 - (1 - u)^power",
        "power": list(power.values()), "zSun": z_sun,
        "axes": [{"name": "phase", "values": names}, *axes, {"name": "u", "values": u.tolist()},
                 {"name": "quantity", "values": ["logTeffK", "logLuminosityLsun"]}]}, values)
    write("evolvedLifetimes", {
        "what": "log10 of the age in years at which each phase ends",
        "axes": [*axes, {"name": "phase", "values": names}]}, np.log10(ends * 1e6))


young() if KIND == "young" else evolved()
