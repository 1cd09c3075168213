// The commands that draw pictures.
import type { CommandSpec } from './commandSpec.ts'

export const drawCommands: CommandSpec = {
  name: 'draw',
  summary: 'pictures of the forward model',
  description: 'Draws what simulations are made of and what comes of them, as SVG.',
  examples: ['birthline draw populations simulated --out figures'],
  commands: [
    {
      name: 'populations',
      summary: 'simulated stars in colours, magnitudes and on the sky, real ones on top',
      description:
        'Reads a folder that `birthline simulate RECIPE` has filled and draws Hertzsprung-Russell, colour-colour and colour-magnitude diagrams of its classes with real stars on top, and maps of the sky and of the Galaxy where the simulation has places.',
      args: [['<folder>', 'folder of the simulation']],
      options: [
        {
          flags: '--real <folder>',
          description:
            'folder of published tables (docs/real-stars.md lists them), beside the real stars that come with birthline',
        },
        { flags: '--out <folder>', description: 'folder of the figures', fallback: '.' },
      ],
      examples: ['birthline draw populations simulated --out figures'],
      load: async () => (await import('./draw.ts')).drawPopulations,
    },
  ],
}
