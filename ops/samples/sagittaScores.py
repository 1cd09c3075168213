"""P(pre-main sequence) by Sagitta 1.2.3 of the stars that `birthline draw sample` writes, for its option --beside.

Python with the packages sagitta (its networks come with it) and astropy:
    python sagittaScores.py yso-samples-stars.csv sagitta.csv
Stars without all bands of Gaia and 2MASS, or without a place, get no score. Source: McBride et al. 2021, AJ 162, 282.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
from astropy.table import Table

stars_file, scores_file = sys.argv[1:]
names = {
    'lDeg': 'l', 'bDeg': 'b', 'parallaxMas': 'parallax', 'gMag': 'g', 'bpMag': 'bp', 'rpMag': 'rp',
    'jMag': 'j', 'hMag': 'h', 'ksMag': 'k',
}
stars = Table.read(stars_file, format='ascii.csv')
seen = np.ones(len(stars), bool)
for name in names:
    seen &= ~np.ma.getmaskarray(np.ma.masked_invalid(np.ma.array(stars[name], dtype=float)))
stars = stars[seen]
table = Table({short: np.array(stars[name], float) for name, short in names.items()})
table['source_id'] = np.arange(len(table))
with tempfile.TemporaryDirectory() as folder:
    given, told = os.path.join(folder, 'given.fits'), os.path.join(folder, 'told.fits')
    table.write(given)
    program = os.path.join(os.path.dirname(sys.executable), 'sagitta')
    subprocess.run([program, given, '--tableOut', told, '--no_age_prediction'], check=True)
    answers = Table.read(told)
scores = np.zeros(len(table))
scores[np.array(answers['source_id'], int)] = np.ravel(answers['pms'])
with open(scores_file, 'w', encoding='utf8') as file:
    file.write('star,score\n')
    for key, score in zip(stars['star'], scores):
        file.write(f'{key},{score:.4g}\n')
