import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readGapGroups } from '../../../ops/gap/gapGroups.ts'

test('a folder without the tables is refused in one sentence that names them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
  await expect(readGapGroups(folder)).rejects.toThrow(
    /holds none of the tables that are looked for: rho_oph_canovas2019_dev\.csv, oph_yso_dunham2015_seds\.csv, taurus_luhman2010_spitzer\.csv, m67_brutus_multisurvey_dev\.parquet\. Give --catalogues/,
  )
})
