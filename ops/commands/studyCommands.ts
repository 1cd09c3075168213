// The part of the table of commands that repeats studies of the method.
import { type CommandSpec, seedOption } from './commandSpec.ts'

export const studyCommands: readonly CommandSpec[] = [
  {
    name: 'study',
    summary: 'true against predicted ages of simulated stars, the classic baseline beside',
    description:
      "Infers fresh simulated stars with the model and with a classic neural posterior, and plots predicted against true ages: complete and with surveys missing, then with Gaia's XP spectra, complete and with half of the inputs missing.",
    options: [
      { flags: '--stars <n>', description: 'simulated stars for each panel', fallback: '2000' },
      { flags: '--out <folder>', description: 'folder of the figure and the numbers', fallback: '.' },
      seedOption,
    ],
    examples: ['birthline study --stars 2000 --out report'],
    load: async () => (await import('./study.ts')).study,
  },
  {
    name: 'ablation',
    summary: 'what each loss of alignment wins back of the gap between two worlds',
    description:
      'Teaches a small network on one world of simulated stars (PARSEC, Kurucz), adapts it to unlabelled stars of another (magnetic tracks, BT-Settl, another extinction, errors that are too small) in several ways, and judges each on fresh stars. With --sky real the other world is that of real stars: half of them are adapted to, the others judged by ages of clusters and temperatures from the literature. Finished parts are kept in the folder: the same command goes on from there. Docs: docs/ablation.md.',
    options: [
      {
        flags: '--out <folder>',
        description: 'folder of the page, the figure, the numbers and the work',
        isRequired: true,
      },
      { flags: '--sky <kind>', description: "the other world: 'simulated' or 'real'", fallback: 'simulated' },
      {
        flags: '--catalogues <folder>',
        description: 'real stars beside those that come with birthline; docs/real-stars.md lists the tables',
      },
      { flags: '--seeds <n>', description: 'repetitions with other stars and weights', fallback: '3' },
      { flags: '--stars <n>', description: 'of each world to learn from, where not those of the plan' },
      { flags: '--pairs <n>', description: 'stars that are known in both worlds, where not those of the plan' },
      {
        flags: '--only <condition>',
        description: "one condition of the table, such as '+ pairs', beside none and oracle",
      },
      { flags: '--base-steps <n>', description: 'of training on simulations, where not those of the plan' },
      { flags: '--steps <n>', description: 'of each adaptation, where not those of the plan' },
      seedOption,
    ],
    examples: ['birthline ablation --out ablation --seeds 3', 'birthline ablation --sky real --out sky --seeds 3'],
    load: async () => (await import('./ablation.ts')).ablation,
  },
]
