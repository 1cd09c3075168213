// The part of the table of commands that is about training.
import { type CommandSpec, seedOption } from './commandSpec.ts'

export const trainCommands: CommandSpec = {
  name: 'train',
  summary: 'train a model',
  description: 'Trains a model on simulated stars. Ctrl-C keeps what was learnt; the same command goes on from there.',
  examples: ['birthline train pilot --out my-checkpoint'],
  commands: [
    {
      name: 'pilot',
      summary: 'retrain the checkpoint that comes with birthline',
      description:
        'Trains the pilot model (Gaia, 2MASS and WISE photometry, parallax) with loss curves and a validation on held-out stars, then chooses the sampler by measured calibration.',
      options: [
        { flags: '--out <folder>', description: 'folder of the new checkpoint', isRequired: true },
        { flags: '--steps <n>', description: 'training steps, where not those of the recipe' },
        { flags: '--batch-threads <n>', description: 'threads that simulate stars (default 1)' },
        seedOption,
      ],
      examples: [
        'birthline train pilot --out my-checkpoint',
        'birthline calibrate --model my-checkpoint --out calibration.html',
      ],
      load: async () => (await import('./train.ts')).trainPilotModel,
    },
    {
      name: 'corrections',
      summary: 'measure what a checkpoint gets wrong in each pattern',
      description:
        'Infers simulated stars of the commonest patterns of missing data and writes into the card of a checkpoint what its posteriors of them are corrected by. `train pilot` does it at its end; this is for other patterns, or a new simulator. The weights stay as they are.',
      options: [
        { flags: '--out <folder>', description: 'folder of the checkpoint', isRequired: true },
        {
          flags: '--only <text>',
          description: 'patterns with this text in their names, such as "spectrum of"; the others keep what they have',
        },
        { flags: '--stars <n>', description: 'simulated stars of each pattern (default 10000)' },
      ],
      examples: ['birthline train corrections --out my-checkpoint'],
      load: async () => (await import('./train.ts')).trainCorrections,
    },
    {
      name: 'familiarity',
      summary: 'measure how like its training stars a star must be',
      description:
        'Embeds simulated stars that the network of a checkpoint never saw and writes into its card how far apart they lie, so that each posterior tells how like them its star is. `train pilot` does it at its end; this is for a checkpoint that has none, or a new simulator. The weights stay as they are.',
      options: [{ flags: '--out <folder>', description: 'folder of the checkpoint', isRequired: true }],
      examples: ['birthline train familiarity --out my-checkpoint'],
      load: async () => (await import('./train.ts')).trainFamiliarity,
    },
    {
      name: 'student',
      summary: 'teach a checkpoint to answer in a few calls',
      description:
        "Asks a checkpoint for posteriors of simulated stars, and teaches a student to draw them in two calls of its network instead of a dozen. The new checkpoint is the teacher's with the student in it: its posteriors are the student's, and all else stays as it was. It draws on the processor alone.",
      options: [
        { flags: '--out <folder>', description: 'folder of the new checkpoint', isRequired: true },
        {
          flags: '--teacher <folder>',
          description: 'checkpoint that teaches (default: the one that comes with birthline)',
        },
        {
          flags: '--stars <n>',
          description: 'simulated stars that the teacher is asked about, where not those of the recipe',
        },
        { flags: '--steps <n>', description: 'training steps, where not those of the recipe' },
        { flags: '--batch-threads <n>', description: 'threads that simulate stars (default 1)' },
        seedOption,
      ],
      examples: [
        'birthline train student --out my-student',
        'birthline calibrate --model my-student --out student.html',
      ],
      load: async () => (await import('./trainStudent.ts')).trainStudentModel,
    },
    {
      name: 'encoders',
      summary: 'teach the encoders of all instruments to know a star again',
      description:
        'Draws simulated stars as Gaia, BOSS and LAMOST see them, and trains the encoders of photometry, XP and pixels to put the same star at the same place (contrastive loss). At the end fresh stars are looked for: of a thousand, how often is the nearest vector of another instrument that of the same star?',
      options: [
        { flags: '--out <folder>', description: 'folder of the encoders', isRequired: true },
        { flags: '--steps <n>', description: 'training steps, where not those of the recipe' },
        { flags: '--batch-threads <n>', description: 'threads that simulate stars (default 1)' },
        seedOption,
      ],
      examples: ['birthline train encoders --out my-encoders'],
      load: async () => (await import('./trainEncoders.ts')).trainEncoderSet,
    },
    {
      name: 'spectra',
      summary: 'teach a checkpoint to read spectra with pixels',
      description:
        'Draws simulated stars as Gaia, 2MASS, WISE and the spectrographs see them, and trains encoders of the spectra, a transformer that joins their tokens to the star, and a posterior head: by the posterior and by alignment together (contrastive, pairs of instruments, transport to real spectra where a folder of them is given). The checkpoint answers as before for stars without such spectra.',
      options: [
        { flags: '--out <folder>', description: 'folder of the new checkpoint', isRequired: true },
        {
          flags: '--base <folder>',
          description: 'checkpoint that learns (default: the one that comes with birthline)',
        },
        { flags: '--real <folder>', description: 'real spectra, without truths, that simulated ones are brought to' },
        { flags: '--steps <n>', description: 'training steps, where not those of the recipe' },
        { flags: '--batch-threads <n>', description: 'threads that simulate stars (default 1)' },
        seedOption,
      ],
      examples: ['birthline train spectra --out my-spectra', 'birthline train corrections --out my-spectra'],
      load: async () => (await import('./trainSpectra.ts')).trainSpectraModel,
    },
    {
      name: 'npe',
      summary: 'retrain the classic baseline',
      description:
        'Trains a normalising flow on simulated stars that every survey measured: the baseline of `birthline study`.',
      options: [
        { flags: '--out <folder>', description: 'folder of the new checkpoint', isRequired: true },
        { flags: '--spectra', description: "for stars that have Gaia's XP spectra too" },
      ],
      examples: [
        'birthline train npe --out models/checkpoints/npe',
        'birthline train npe --spectra --out models/checkpoints/npeSpectra',
      ],
      load: async () => (await import('./train.ts')).trainNpeModel,
    },
  ],
}
