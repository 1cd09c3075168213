// A model for tests of the pool, opened in its workers: some stars kill the thread or are refused.
import type { Device, PosteriorModel } from '../../../models/index.ts'
import { openPosteriorModel as openClosedForm } from '../../../ops/bench/closedFormModel.ts'
import { FusionError } from '../../../schemas/index.ts'

export async function openPosteriorModel(folder?: string, _?: undefined, device?: Device): Promise<PosteriorModel> {
  if (folder === 'missing') throw new FusionError('MODEL_MISSING', 'No checkpoint is here.', { detail: { folder } })
  const model = await openClosedForm()
  return {
    ...model,
    pixelSpectra: ['bossSpectrum'],
    fingerprint: device === 'cpu' ? (folder ?? 'none') : `${folder} on ${device}`,
    async infer(stars, options) {
      for (const { key } of stars) {
        if (key === 'deadly') process.exit(1)
        if (key === 'refused') throw new FusionError('VALUE_OUT_OF_RANGE', 'Too bright.', { detail: { key } })
        if (key === 'mistaken') throw new RangeError('a mistake of ours')
      }
      return model.infer(stars, options)
    },
  }
}
