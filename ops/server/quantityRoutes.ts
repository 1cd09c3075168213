// The vocabulary over HTTP: every quantity with its unit, and of photometric bands where they lie and what magnitude zero is.
import type { FastifyInstance } from 'fastify'
import { loadPassbands } from '../../models/index.ts'
import { quantities } from '../../schemas/index.ts'
import { problemResponses } from './problem.ts'
import { text } from './schemaParts.ts'

export function addQuantityRoutes(app: FastifyInstance): void {
  app.get('/v1/quantities', { schema: quantitiesSchema }, async () => {
    const bands = new Map<string, { readonly pivotUm: number; readonly zeroPointJy: number }>(
      loadPassbands().map(({ name, pivotUm, zeroPointJy }) => [name, { pivotUm, zeroPointJy }]),
    )
    return {
      quantities: quantities.map(({ name, role, unit, symbol, description }) => ({
        name,
        role,
        unit,
        symbol,
        description,
        band: bands.get(name) ?? null,
      })),
    }
  })
}

const quantitiesSchema = {
  summary: 'Every quantity that is measured or inferred, with its unit',
  tags: ['stars'],
  response: {
    200: {
      type: 'object',
      properties: {
        quantities: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: text('As in records, its unit at the end.'),
              role: { type: 'string', enum: ['observable', 'parameter', 'derived'] },
              unit: text('Of its values.'),
              symbol: text('As papers write it.'),
              description: text('What it is.'),
              band: {
                type: 'object',
                nullable: true,
                description: 'Of a magnitude: pivot wavelength, and the flux density of magnitude zero.',
                properties: { pivotUm: { type: 'number' }, zeroPointJy: { type: 'number' } },
                required: ['pivotUm', 'zeroPointJy'],
              },
            },
            required: ['name', 'role', 'unit', 'symbol', 'description', 'band'],
          },
        },
      },
      required: ['quantities'],
    },
    ...problemResponses,
  },
}
