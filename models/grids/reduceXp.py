"""Reduces the instrument model of GaiaXPy and the optical spectra of SEDFit to tables (see ORIGIN.md).

A tool, run once by hand; nothing in the product imports it.
Usage: python reduceXp.py OUTPUT_FOLDER
Needs: gaiaxpy==2.1.5 SEDFit==0.6.1 numpy scipy
"""
import bz2
import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from gaiaxpy import PhotometricSystem
from gaiaxpy.calibrator.external_instrument_model import ExternalInstrumentModel
from gaiaxpy.config.paths import config_path, hermite_bases_file
from gaiaxpy.core.config import load_xpmerge_from_xml, load_xpsampling_from_xml
from gaiaxpy.core.generic_functions import get_bands_config, parse_config
from scipy.interpolate import splev, splrep

OUT = Path(sys.argv[1])
BANDS = {"bp": "v375wi", "rp": "v142r"}
ROWS = 55
# Knots of GaiaXPy's splines lie on these wavelengths, so that value and slope at each give its curves back exactly.
WAVELENGTH_NM = np.arange(310, 1100.1, 0.5)
# A mean resolving power of 250, twice what XP has where it is best.
SPECTRUM_NM = np.geomspace(325, 1100, 306)
FAMILIES = {
    "kurucz": [3500, 3750, 4000, 4250, 4500, 4750, 5000, 5250, 5500, 5750, 6000, 6500, 7000, 7500, 8000, 8500, 9000, 10000, 11500, 13000, 16000, 20000, 25000, 30000, 35000],
    "btsettl": [*range(2000, 4001, 100), 4200, 4400, 4700, 5000, 5500, 6000, 6500, 7000],
}
LOGG = {"kurucz": [0.0, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0], "btsettl": [0.0, 1.0, 2.0, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5]}
FEH = [-1.5, -0.5, 0.0, 0.3]


def write(name, header, array):
    array = np.ascontiguousarray(array, dtype="<f4")
    (OUT / f"{name}.bin").write_bytes(array.tobytes())
    header["shape"] = list(array.shape)
    (OUT / f"{name}.json").write_text(json.dumps(header, indent=1) + "\n")
    print(name, array.shape, array.nbytes, "bytes, undefined:", np.isnan(array).mean())


def axis(name, values):
    return {"name": name, "values": values}


def instrument():
    config = get_bands_config(parse_config(hermite_bases_file))
    bases, curves = [], []
    for band, version in BANDS.items():
        files = [f"{config_path}/{band}C03_{version}_{part}.csv" for part in ("dispersion", "response", "bases")]
        model = ExternalInstrumentModel.from_config_csv(*files)
        inner = getattr(config, f"{band}Config")
        transform = np.array(inner.transformationMatrix).reshape(ROWS, ROWS)
        assert abs(transform - model.bases["transformationMatrix"]).max() < 1e-9
        print(band, inner.range, inner.normalizedRange, [model.bases[k] for k in ("pwlRangeMin", "pwlRangeMax", "normRangeMin", "normRangeMax")])
        bases.append([transform, model.bases["inverseBasesCoefficients"]])
        dispersion = splrep(model.dispersion["wavelength"], model.dispersion["pseudo-wavelength"], s=0)
        response = splrep(model.response["wavelength"], model.response["response"], s=0)
        x = WAVELENGTH_NM
        curves.append(np.array([splev(x, dispersion), splev(x, dispersion, der=1), splev(x, response), splev(x, response, der=1)]).T)
    rows = list(range(ROWS))
    write("xpBases", {
        "what": "matrices that turn the 55 Hermite functions into the bases of the coefficients: their shape on the detector, and before the line spread function",
        "axes": [axis("band", list(BANDS)), axis("matrix", ["transform", "inverse"]), axis("row", rows), axis("hermite", rows)]}, np.array(bases))
    write("xpInstrument", {
        "what": "pseudo-wavelength and response against wavelength, with their slopes per nm",
        "axes": [axis("band", list(BANDS)), axis("wavelengthNm", WAVELENGTH_NM.tolist()),
                 axis("quantity", ["pseudoWavelength", "pseudoWavelengthSlope", "response", "responseSlope"])]}, np.array(curves))


def archive_sampling():
    grid, merge = load_xpmerge_from_xml(bp_model="v375wi")
    weight = np.clip((643 - grid) / 8, 0, 1)
    assert abs(merge["bp"] - weight).max() < 1e-5 and abs(merge["rp"] - 1 + weight).max() < 1e-5
    matrices = load_xpsampling_from_xml(bp_model="v375wi")
    write("xpSampling", {
        "what": "spectrum in W/m2/nm of each basis at the wavelengths of the archive's sampled spectra",
        "axes": [axis("band", list(BANDS)), axis("basis", list(range(ROWS))), axis("wavelengthNm", grid.tolist())]},
        np.array([matrices[band] for band in BANDS]))


def photometry():
    matrices = load_xpsampling_from_xml("GaiaDr3Vega", bp_model="v375wi")
    _, merge = load_xpmerge_from_xml("GaiaDr3Vega", bp_model="v375wi")
    assert all((merge[band] == 1).all() for band in BANDS)
    print("zero points", PhotometricSystem.Gaia_DR3_Vega.value.get_zero_points())
    write("xpPhotometry", {
        "what": "mean flux in W/m2/nm of each basis through the Gaia DR3 passbands",
        "axes": [axis("band", list(BANDS)), axis("basis", list(range(ROWS))), axis("passband", ["gMag", "bpMag", "rpMag"])]},
        np.array([matrices[band] for band in BANDS]))


def spectra():
    for grid, teffs in FAMILIES.items():
        with bz2.BZ2File(Path(find_spec("SEDFit").submodule_search_locations[0]) / f"sed_{grid}.p") as handle:
            log_lam_flam, table, lam = pickle.load(handle)
        lam = np.asarray(lam.value)
        near = (lam > 3000) & (lam < 11500)
        log_f = np.asarray(log_lam_flam)[:, near] - np.log10(lam[near])
        t = {k: np.asarray(table[k]) for k in ("teff", "logg", "feh")}
        out = np.full((len(FEH), len(teffs), len(LOGG[grid]), len(SPECTRUM_NM)), np.nan)
        for i, feh in enumerate(FEH):
            for j, teff in enumerate(teffs):
                for k, logg in enumerate(LOGG[grid]):
                    hit = np.where((abs(t["feh"] - feh) < 0.01) & (t["teff"] == teff) & (abs(t["logg"] - logg) < 0.01))[0]
                    if len(hit):
                        out[i, j, k] = np.interp(np.log(SPECTRUM_NM * 10), np.log(lam[near]), log_f[hit[0]])
        # BT-Settl lacks most gravities at [Fe/H] -0.5 below 3000 K: the mean of the neighbours stands in.
        for i in range(1, len(FEH) - 1):
            low, high = FEH[i] - FEH[i - 1], FEH[i + 1] - FEH[i]
            cool = (np.array(teffs) < 3000)[:, None, None] & np.isnan(out[i])
            out[i] = np.where(cool, (out[i - 1] * high + out[i + 1] * low) / (low + high), out[i])
        write({"kurucz": "kuruczOptical", "btsettl": "btSettlOptical"}[grid], {
            "what": "log10 of the surface flux in erg/s/cm2/A",
            "axes": [axis("fehDex", FEH), axis("teffK", teffs), axis("loggDex", LOGG[grid]), axis("wavelengthNm", SPECTRUM_NM.round(4).tolist())]}, out)


instrument()
archive_sampling()
photometry()
spectra()
