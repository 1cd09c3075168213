// A folder of a user's synthetic spectra -> templates.
import { createGridBuilder, type GridTemplates, type SpectrographName } from '../../models/index.ts'
import { readSyntheticGrid } from '../../streams/index.ts'

/**
 * @param surveys whose light each model must have
 * @throws FusionError as `readSyntheticGrid` and `createGridBuilder` say
 */
export async function readUserGrid(
  folder: string,
  surveys: readonly SpectrographName[],
  signal?: AbortSignal,
): Promise<GridTemplates> {
  const builder = createGridBuilder(surveys)
  for await (const spectrum of readSyntheticGrid(folder, signal)) builder.add(spectrum)
  return builder.finish()
}
