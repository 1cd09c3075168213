// The part of the table of commands that is about models as things: published and judged.
import { type CommandSpec, seedOption } from './commandSpec.ts'

const name = (description: string) => [['<name>', description]] as const

export const modelCommands: CommandSpec = {
  name: 'model',
  summary: 'published models: which there are, and what they were made from',
  description:
    'A published model is a checkpoint in a folder of its own with its recipe, fingerprints, scores, calibration report and ONNX graphs. docs/models.md says how it is judged.',
  examples: ['birthline model list', 'birthline model publish my-checkpoint --calibration calibration.json'],
  commands: [
    {
      name: 'list',
      summary: 'every published model, and which is in force',
      description: 'Lists the published models, beside the one that comes with birthline.',
      examples: ['birthline model list', 'birthline model list --json'],
      load: async () => (await import('./publication.ts')).listModels,
    },
    {
      name: 'show',
      summary: 'one of them',
      description: 'Shows what a model was made from, its scores, how its calibration was judged, and its files.',
      args: name('name of a published model'),
      examples: ['birthline model show pilot-2', 'birthline model show pilot-2 --json'],
      load: async () => (await import('./publication.ts')).showModel,
    },
    {
      name: 'publish',
      summary: 'put a checkpoint there, if its calibration allows it',
      description:
        'Judges the calibration report of a checkpoint by the bounds of docs/models.md. Within them the checkpoint is published, with the graphs it answers by as ONNX files; else it is refused, and every pattern and check that fails is told.',
      args: [['<folder>', 'the checkpoint, as `birthline train` writes it']],
      options: [
        {
          flags: '--calibration <report>',
          description: 'the JSON that `birthline calibrate` wrote for this checkpoint',
          isRequired: true,
        },
        { flags: '--name <name>', description: 'its name there (default: that of the folder)' },
      ],
      examples: [
        'birthline calibrate --model my-checkpoint --out calibration.html',
        'birthline model publish my-checkpoint --calibration calibration.json --name pilot-2',
      ],
      load: async () => (await import('./publication.ts')).publish,
    },
    {
      name: 'use',
      summary: 'put one in force',
      description:
        'From here on what arrives is inferred with this model. A pipeline that runs takes it up between two batches, in the same data folder or on the same brokers: no posterior is lost, none is made twice, and each names its model. Stars keep the posteriors they have; `birthline reprocess` makes them anew.',
      args: name('name of a published model, or shipped: the one that comes with birthline'),
      examples: ['birthline model use pilot-2', 'birthline model use shipped'],
      load: async () => (await import('./modelChoice.ts')).useModel,
    },
    {
      name: 'shadow',
      summary: 'run one beside the model in force, unseen',
      description:
        'Runs the pipeline, and the named model over the same stars in a group of its own: all that are there, then what arrives. What it says goes to the topic candidates, never to posteriors; it waits while a star waits for the model in force. Goes on until Ctrl-C, and from there when it is called again; `birthline run --shadow` does the same beside a server.',
      args: name('name of a published model, or shipped'),
      options: [
        { flags: '--until-end', description: 'end when both are through' },
        { flags: '--samples <n>', description: 'samples of each posterior (default: 256)' },
        seedOption,
      ],
      examples: ['birthline model shadow pilot-2', 'birthline model shadow pilot-2 --until-end'],
      load: async () => (await import('./shadowRun.ts')).shadowModel,
    },
    {
      name: 'compare',
      summary: 'what a shadow says otherwise than the model in force',
      description:
        'Compares the newest posterior of each star with what the shadow says of the same version: shifts of the medians in sigma, widths, classes, for all stars and each pattern of missing data, and the stars that changed most. The log is read once, and memory does not grow with it.',
      args: name('name of the model that ran as a shadow'),
      options: [{ flags: '--limit <n>', description: 'stars that are listed', fallback: '10' }],
      examples: ['birthline model compare pilot-2', 'birthline model compare pilot-2 --json'],
      load: async () => (await import('./shadowComparison.ts')).compareModels,
    },
    {
      name: 'verify',
      summary: 'whether they are still what was published',
      description:
        'Checks every file by its hash, the calibration by the bounds of this birthline, and that the ONNX graphs answer as the checkpoint does; exit code 1 where something is wrong.',
      args: [['[name...]', 'only these']],
      examples: ['birthline model verify', 'birthline model verify pilot-2'],
      load: async () => (await import('./publication.ts')).verifyModels,
    },
  ],
}
