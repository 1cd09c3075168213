"""The 29 bands of photometryBench by astro-sedpy and dust_extinction: a question a line, an answer a line, both JSON."""
import json
import sys
import time

import astropy.units as u
import numpy as np
from dust_extinction.parameter_averages import G23
from sedpy.observate import FilterSet

NAMES = [
    "gaia_g", "gaia_bp", "gaia_rp", "twomass_J", "twomass_H", "twomass_Ks", "wise_w1", "wise_w2", "wise_w3", "wise_w4",
    "spitzer_irac_ch1", "spitzer_irac_ch2", "spitzer_irac_ch3", "spitzer_irac_ch4", "spitzer_mips_24",
    "sdss_u0", "sdss_g0", "sdss_r0", "sdss_i0", "sdss_z0",
    "panstarrs_g", "panstarrs_r", "panstarrs_i", "panstarrs_z", "panstarrs_y",
    "bessell_B", "bessell_V", "bessell_R", "bessell_I",
]


class Rival:
    def __init__(self, command):
        self.wave_um = np.array(command["wavelengthUm"])
        self.fluxes = np.array(command["fluxes"])
        self.av, self.rv = command["avMag"], command["rv"]
        self.filters = FilterSet(NAMES)

    def magnitudes(self):
        curves = np.array([G23(Rv=rv)(self.wave_um * u.um) * av for av, rv in zip(self.av, self.rv)])
        maggies = self.filters.get_sed_maggies(self.fluxes * 10 ** (-0.4 * curves), self.wave_um * 1e4)
        return -2.5 * np.log10(maggies)


def main():
    rival = None
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "open":
            rival = Rival(command)
            answer = {}
        elif command["do"] == "magnitudes":
            answer = {"magnitudes": rival.magnitudes().tolist()}
        else:
            begin = time.perf_counter()
            rival.magnitudes()
            answer = {"seconds": time.perf_counter() - begin}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
