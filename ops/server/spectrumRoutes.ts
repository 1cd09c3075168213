// The spectra of a star over HTTP, in pixels to look at: bounded, whatever the instrument delivered.
import type { FastifyInstance } from 'fastify'
import { shownSpectra } from '../spectra/shownSpectra.ts'
import { isKnown, notModified } from './entityTag.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import { number, text, whole } from './schemaParts.ts'
import type { ServerParts } from './serverParts.ts'
import { idParams, oneStar, starErrors } from './starRoutes.ts'

const DEFAULT_PIXELS = 2000
const MAX_PIXELS = 20_000

interface SpectraRequest {
  readonly Params: { readonly id: string }
  readonly Querystring: { readonly pixels?: number }
}

export function addSpectrumRoutes(app: FastifyInstance, { log, version }: ServerParts): void {
  app.get<SpectraRequest>('/v1/stars/:id/spectra', { schema: spectraSchema }, async (request, reply) => {
    const star = await oneStar(log, request.params.id, reply)
    if (star === null) return reply
    const { pixels = DEFAULT_PIXELS } = request.query
    if (isKnown(request, reply, [star.version, String(pixels), version])) return reply
    return { starId: star.starId, spectra: shownSpectra(star, pixels) }
  })
}

const orNull = (description: string): JsonSchema => ({ ...number(description), nullable: true })
const numbers = (description: string, isGap: boolean): JsonSchema => ({
  type: 'array',
  items: { type: 'number', ...(isGap && { nullable: true }) },
  description,
})

const spectrumSchema = whole({
  survey: text('The survey of the spectrum, such as boss.'),
  product: text('What the survey delivered, such as sdssSpec.'),
  source: text('Id of the star within the survey.'),
  spectrumId: text('Id of its record in the topic of spectra.'),
  file: text('Base name of the file it came from.'),
  epochMjd: orNull('When it was taken, modified Julian date, UTC; null where the file does not say.'),
  signalToNoise: orNull('Median signal over noise of its pixels as delivered.'),
  matchProbability: orNull("Probability that it is of this star; null where the survey's own id says so."),
  segments: {
    type: 'array',
    items: whole({
      name: text('Chip, arm or kind of sum.'),
      medium: text('Of the wavelengths: vacuum or air.'),
      fluxUnit: text('Unit of flux and sigma; empty where they have none.'),
      fluxScale: text('absolute, relative (the level means nothing) or normalised (to the continuum).'),
      pixelCount: { type: 'integer', description: 'Pixels as the survey delivered them.' },
      binnedBy: { type: 'integer', description: 'How many neighbouring pixels each is the mean of.' },
      wavelengthNm: numbers('Wavelength of each pixel, nm, in the order of the file.', false),
      flux: numbers('Flux of each pixel; null where it is masked.', true),
      sigma: numbers('Its error, 1 sigma; null where the flux is, and where none is known.', true),
    }),
  },
})

const spectraSchema = {
  summary: 'The spectra of the star in pixels: of each survey the one in force',
  tags: ['stars'],
  params: idParams,
  querystring: {
    type: 'object',
    properties: {
      pixels: {
        type: 'integer',
        minimum: 100,
        maximum: MAX_PIXELS,
        default: DEFAULT_PIXELS,
        description: 'about how many of each spectrum; of more, neighbours are averaged by their inverse variances',
      },
    },
  },
  response: {
    200: whole({ starId: text('The star.'), spectra: { type: 'array', items: spectrumSchema } }),
    ...notModified,
    ...starErrors,
  },
}
