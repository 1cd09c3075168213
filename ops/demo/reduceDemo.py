"""Splits tables of published packages into one file per survey and cluster, as the surveys would deliver them.

Run: python reduceDemo.py GYROINTERP AURIGA, the two folders being the unpacked packages gyrointerp 0.7 and Auriga 1.1.
Needs astropy, astropy-healpix, pandas and pyarrow. ORIGIN.md says what comes from where; nothing here is random:
stars are sampled by the hash of their id.
"""
import hashlib
import pathlib
import re
import sys

import astropy.units as u
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from astropy.table import Table
from astropy_healpix import HEALPix

HERE = pathlib.Path(__file__).parent
GYRO = pathlib.Path(sys.argv[1]) / "gyrointerp" / "data"
AURIGA = pathlib.Path(sys.argv[2]) / "auriga" / "test"

UNITS = {
    "ra": "deg", "dec": "deg", "ra_error": "mas", "dec_error": "mas", "ref_epoch": "yr",
    "parallax": "mas", "parallax_error": "mas", "pmra": "mas / yr", "pmdec": "mas / yr",
    "pmra_error": "mas / yr", "pmdec_error": "mas / yr", "radial_velocity": "km / s",
}
DIGITS = {"ra": 9, "dec": 9, "parallax": 5, "parallax_error": 5, "pmra": 4, "pmdec": 4, "ruwe": 4}


def sample(table, id_column, count):
    """The `count` rows whose ids have the smallest hashes, in the order of the table; each id once."""
    table = table.drop_duplicates(id_column)
    hashes = table[id_column].astype(str).map(lambda text: hashlib.sha256(text.encode()).hexdigest())
    return table.loc[hashes.sort_values().index[:count]].sort_index()


def rounded(table):
    return table.assign(**{c: table[c].astype(float).round(DIGITS.get(c, 4)) for c in table if table[c].dtype == float})


def write(table, name):
    """Writes by the ending of the name: csv, csv.gz, ecsv, parquet or fits."""
    table = rounded(table.reset_index(drop=True))
    path = HERE / name
    if name.endswith((".csv", ".csv.gz")):
        packed = {"method": "gzip", "mtime": 1} if name.endswith(".gz") else None
        table.to_csv(path, index=False, compression=packed, lineterminator="\n")
    elif name.endswith(".parquet"):
        fields = pa.Table.from_pandas(table, preserve_index=False)
        for i, column in enumerate(fields.column_names):
            if column in UNITS:
                fields = fields.set_column(i, fields.field(i).with_metadata({"unit": UNITS[column]}), fields.column(i))
        pq.write_table(fields.replace_schema_metadata(None), path, compression="snappy")
    else:
        columns = {}
        for column in table:
            values = table[column]
            if values.dtype == float:
                columns[column] = np.ma.masked_invalid(values.to_numpy())
                if name.endswith(".fits"):
                    columns[column] = values.to_numpy(np.float64)
            elif values.dtype == np.int64:
                columns[column] = values.to_numpy()
            else:
                columns[column] = values.fillna("").astype(str).to_numpy().astype(str)
        astro = Table(columns)
        for column in astro.colnames:
            if column in UNITS:
                astro[column].unit = u.Unit(UNITS[column])
        astro.write(path, overwrite=True)
    print(f"{name}: {len(table)} rows, {path.stat().st_size} bytes")


def tmass_place(designation):
    """ICRS degrees from a 2MASS designation, whose last digits are cut, not rounded: half of the last digit is added."""
    h, m, s, sign, d, dm, ds = re.search(r"(\d\d)(\d\d)(\d{4})([+-])(\d\d)(\d\d)(\d{3})", designation).groups()
    ra = 15 * (int(h) + int(m) / 60 + (int(s) + 0.5) / 360_000)
    dec = int(d) + int(dm) / 60 + (int(ds) + 0.5) / 36_000
    return ra, -dec if sign == "-" else dec


def tmass_table(designations, **columns):
    names = [re.search(r"\d{8}[+-]\d{7}", text).group() for text in designations]
    places = np.array([tmass_place(name) for name in names])
    return pd.DataFrame({"designation": names, "ra": places[:, 0].round(6), "dec": places[:, 1].round(6), **columns})


def gaia_dr3(table, *more):
    """Columns of the Gaia archive; BP and RP magnitudes from the archive's own colours."""
    ids = {"source_id": table["dr3_source_id"].astype(np.int64)}
    photometry = {
        "phot_g_mean_mag": table["phot_g_mean_mag"],
        "phot_g_mean_flux_over_error": table["phot_g_mean_flux_over_error"],
        "phot_bp_mean_mag": table["phot_g_mean_mag"] + table["bp_g"],
        "phot_bp_mean_flux_over_error": table["phot_bp_mean_flux_over_error"],
        "phot_rp_mean_mag": table["phot_g_mean_mag"] - table["g_rp"],
        "phot_rp_mean_flux_over_error": table["phot_rp_mean_flux_over_error"],
    }
    straight = ["ra", "dec", "parallax", "parallax_error", "pmra", "pmdec", "ruwe"]
    return pd.DataFrame({**ids, **{c: table[c] for c in straight}, **photometry, **{c: table[c] for c in more}})


def read_gyro(path):
    ids = {"dr2_source_id": "Int64", "dr3_source_id": "Int64"}
    table = pd.read_csv(GYRO / "interim" / path, dtype=ids)
    bad = table["flag_bad_gaiamatch"] if "flag_bad_gaiamatch" in table else False
    return table[table["ra"].notna() & ~pd.Series(bad, index=table.index)]


# Pleiades: Gaia DR3 and 2MASS are joined by nothing but position.
pleiades = read_gyro("pleiades/Rebull_2016_X_GDR3_supplemented.csv")
pleiades = sample(pleiades[pleiades["tm_name"].notna()], "dr3_source_id", 320)
write(gaia_dr3(pleiades, "radial_velocity", "teff_gspphot"), "pleiades.gaiaDr3.parquet")
write(tmass_table(pleiades["tm_name"], k_m=pleiades["Ksmag"].to_numpy()).drop_duplicates("designation"), "pleiades.twoMass.fits")

# Praesepe: the paper's table pairs 2MASS with Gaia, so its 2MASS rows carry the Gaia id.
praesepe = read_gyro("praesepe_rampalli2021/Rampalli_2021_X_DR3_supplemented.csv")
praesepe = sample(praesepe[praesepe["2MASS"].str.startswith("2MASS J")], "dr3_source_id", 240)
write(gaia_dr3(praesepe), "praesepe.gaiaDr3.csv.gz")
paired = praesepe["Gaia"].str.extract(r"DR3 (\d+)$")[0].to_numpy()
write(tmass_table(praesepe["2MASS"], k_m=praesepe["Ksmag"].to_numpy(), gaia_dr3_source_id=paired), "praesepe.twoMass.csv")

# NGC 3532: Gaia alone.
ngc3532 = sample(read_gyro("ngc3532/Fritzewski_2021_X_DR3_supplemented.csv"), "dr3_source_id", 150)
write(gaia_dr3(ngc3532), "ngc3532.gaiaDr3.ecsv")

# M67: Gaia alone, under the column names of the paper.
m67 = Table.read(GYRO / "literature" / "Dungee_2022_apjac90bet2_mrt.txt", format="ascii.mrt").to_pandas()
m67 = sample(m67[m67["memprob"] > 0.9], "gaiaid", 170)
paper = ["gaiaid", "RAdeg", "e_RAdeg", "DEdeg", "e_DEdeg", "plx", "e_plx", "pmRA", "e_pmRA", "pmDE", "e_pmDE", "ruwe"]
paper += [f"{error}gaia{band}mag" for band in ["G", "BP", "RP"] for error in ["", "e_"]]
write(m67[paper].astype({"gaiaid": np.int64}), "m67.gaiaDr3.fits")

# Ruprecht 147: Gaia DR2 first, superseded by DR3 rows that name their DR2 ids; 2MASS by position.
rup147 = read_gyro("ruprecht147/Curtis_2020_rup147_X_GDR3_supplemented.csv")
rup147 = rup147[(rup147["Member"] == "Yes") & rup147["Kmag"].notna() & rup147["_2MASS"].str.startswith("J")]
rup147 = rup147.sort_values("angular_distance").drop_duplicates("dr2_source_id").drop_duplicates("_2MASS").sort_index()
rup147 = sample(rup147, "dr3_source_id", 150)
dr2 = {"source_id": "dr2_source_id", "ra": "RA_ICRS", "dec": "DE_ICRS", "parallax": "plx", "parallax_error": "e_plx"}
dr2 |= {"pmra": "pmRA", "pmdec": "pmDE", "phot_g_mean_mag": "Gmag"}
write(pd.DataFrame({to: rup147[of] for to, of in dr2.items()}).astype({"source_id": np.int64}), "ruprecht147.gaiaDr2.csv")
write(gaia_dr3(rup147, "dr2_source_id").astype({"dr2_source_id": np.int64}), "ruprecht147.gaiaDr3.parquet")
each = (rup147["eJ-K"] / np.sqrt(2)).to_numpy()
tmass = tmass_table(rup147["_2MASS"], j_m=rup147["Jmag"].to_numpy(), j_msigcom=each, k_m=rup147["Kmag"].to_numpy(), k_msigcom=each)
write(tmass, "ruprecht147.twoMass.ecsv")

# IC 2391 and NGC 2547: places rounded to 0.001 deg, no parallaxes; 2MASS by the Gaia id of its row.
rounding_arcsec = 3.6 / np.sqrt(12)
douglas = pd.read_csv(GYRO / "literature" / "Douglas_2022_30to50myr_tab_all_stars.csv", dtype={"GAIAEDR3_ID": "Int64", "TIC": str})
for cluster, gaia_name, tmass_name in [
    ("IC_2391", "ic2391.gaiaDr3.csv", "ic2391.twoMass.csv"),
    ("NGC_2547", "ngc2547.gaiaDr3.parquet", "ngc2547.twoMass.parquet"),
]:
    stars = douglas[(douglas["Cluster"] == cluster) & (douglas["MemBool"] == 1)]
    stars = sample(stars, "GAIAEDR3_ID", 160)
    gaia = [f"GAIAEDR3_{c}" for c in ["ID", "RA", "DEC", "RUWE", "G", "G_ERR", "BP", "BP_ERR", "RP", "RP_ERR"]]
    gaia = stars[gaia].astype({"GAIAEDR3_ID": np.int64})
    # Errors below half of the last digit were printed as 0.000, which says nothing.
    gaia = gaia.assign(**{c: gaia[c].where(gaia[c] > 0) for c in gaia if c.endswith("_ERR")})
    write(gaia.assign(POS_ERR_MAS=round(1000 * rounding_arcsec)), gaia_name)
    with_tmass = stars[stars["TMASS_K"].notna()].drop_duplicates("TIC")
    infrared = {f"TMASS_{b}{e}": with_tmass[f"TMASS_{b}{e}"] for b in "JHK" for e in ["", "_ERR"]}
    place = {"TIC": "TIC " + with_tmass["TIC"], "GAIAEDR3_ID": with_tmass["GAIAEDR3_ID"].astype(np.int64)}
    place |= {c: with_tmass[c] for c in ["GAIAEDR3_RA", "GAIAEDR3_DEC"]}
    write(pd.DataFrame({**place, "POS_ERR_ARCSEC": round(rounding_arcsec, 2), **infrared}), tmass_name)

# Alessi 10: no places in the table; a Gaia id holds the HEALPix cell (order 12, nested) of its star.
alessi = Table.read(AURIGA / "test.fits").to_pandas()
ids = alessi["source_id"].astype(np.int64)
lon, lat = HEALPix(nside=4096, order="nested").healpix_to_lonlat((ids // 2**35).to_numpy())
cell_arcsec = np.sqrt(4 * np.pi / (12 * 4096**2)) * 206_264.806
error_mas = round(1000 * cell_arcsec / np.sqrt(12))
places = {"ra": lon.deg, "dec": lat.deg}
flux = [f"phot_{band}_mean_{what}" for band in ["g", "bp", "rp"] for what in ["mag", "flux", "flux_error"]]
straight = {c: alessi[c].astype(float) for c in ["parallax", "parallax_error", *flux]}
write(pd.DataFrame({"source_id": ids, **places, "ra_error": error_mas, "dec_error": error_mas, **straight}), "alessi10.gaiaDr2.fits")
infrared = {c: alessi[c].astype(float) for c in ["j_m", "j_msigcom", "h_m", "h_msigcom"]}
infrared |= {"k_m": alessi["ks_m"].astype(float), "k_msigcom": alessi["ks_msigcom"].astype(float)}
tmass = {"designation": "of Gaia DR2 " + ids.astype(str), **places, "err_maj": error_mas / 1000, "err_min": error_mas / 1000}
tmass = pd.DataFrame({**tmass, **infrared, "gaia_dr2_source_id": ids})
write(tmass[tmass["j_m"].notna()], "alessi10.twoMass.csv")

# rho Ophiuchi: facts typed from the paper, split into its three surveys.
facts = pd.read_csv(HERE / "rhoOphiuchiFacts.csv", dtype={"cc_flag": str, "wise_ph_qual": str, "tmass_ph_qual": str})
names = facts["name"].str.replace("2MASS J", "", regex=False)
gaia = ["source_id", "ra", "dec", "parallax", "parallax_error", "pmra", "pmra_error", "pmdec", "pmdec_error", "ruwe"]
gaia = facts[gaia].assign(
    **{f"phot_{b}_mean_mag{to}": facts[f"phot_{b}_mean_mag{of}"] for b in ["g", "bp", "rp"] for to, of in [("", ""), ("_error", "_err")]}
)
write(gaia.assign(tmass_designation=names), "rhoOphiuchi.gaiaDr2.ecsv")
tmass = {f"{to}_m{end}": facts[f"{of}{band}mag"].to_numpy() for to, band in [("j", "J"), ("h", "H"), ("k", "K")] for end, of in [("", ""), ("sigcom", "e_")]}
write(tmass_table(names, **tmass, ph_qual=facts["tmass_ph_qual"]), "rhoOphiuchi.twoMass.csv")
# The table has no AllWISE places: Gaia's are carried to the epoch of AllWISE, and the id says whose they are.
years = 2010.5558 - 2015.5
dec = facts["dec"] + facts["pmdec"] * years / 3.6e6
ra = facts["ra"] + facts["pmra"] * years / 3.6e6 / np.cos(np.radians(facts["dec"]))
wise = {"designation": "of Gaia DR2 " + facts["source_id"].astype(str), "ra": ra, "dec": dec}
wise |= {f"w{n}{to}": facts[f"{of}W{n}mag"] for n in range(1, 5) for to, of in [("mpro", ""), ("sigmpro", "e_")]}
wise |= {"ph_qual": facts["wise_ph_qual"], "cc_flags": facts["cc_flag"], "ext_flg": facts["ext_flag"]}
write(pd.DataFrame({**wise, "gaia_dr2_source_id": facts["source_id"]}), "rhoOphiuchi.allWise.csv")
