// The catalogue tables that the domain gap is measured on: those of the evaluation, whole, and field stars.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { readCatalogueGroup } from '../evaluation/catalogueStars.ts'
import { m67Stars } from '../evaluation/catalogues/m67Stars.ts'
import { rhoOphiuchiStars } from '../evaluation/catalogues/rhoOphiuchiStars.ts'
import { type CatalogueTable, measuredNumber } from '../evaluation/catalogueTable.ts'
import type { StarGroup } from '../evaluation/realStar.ts'
import { m67Bands, ophiuchusSpitzer, taurusSpitzer } from './bandTables.ts'

const MAX_STARS = 2000

/** What the cone of rho Ophiuchi holds beside its candidates: between 111 and 200 pc, Gaia alone. */
const fieldStars: CatalogueTable = {
  ...rhoOphiuchiStars,
  name: 'rhoOphiuchiField',
  title: 'field stars before and behind rho Ophiuchi',
  reference: 'Canovas et al. 2019, A&A 626, A80: Gaia DR2 in the cone',
  cluster: null,
  leaveOut: row => (measuredNumber(row, 'member_candidate') === 1 ? 'candidate member' : null),
}

const tables: readonly CatalogueTable[] = [
  rhoOphiuchiStars,
  ophiuchusSpitzer,
  taurusSpitzer,
  { ...m67Stars, bands: m67Bands },
  fieldStars,
]

/** @throws FusionError FILE_UNREADABLE when none of the tables is in the folder */
export async function readGapGroups(folder: string): Promise<readonly StarGroup[]> {
  const found = tables.filter(({ file }) => existsSync(join(folder, file)))
  if (found.length === 0) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${folder} holds none of the tables that are looked for: ${[...new Set(tables.map(({ file }) => file))].join(', ')}. Give --catalogues the folder they are in, or leave it out to compare the demo's stars alone.`,
      { detail: { path: folder } },
    )
  }
  const groups: StarGroup[] = []
  for (const spec of found)
    groups.push(await readCatalogueGroup({ ...spec, maxStars: MAX_STARS }, join(folder, spec.file)))
  return groups
}
