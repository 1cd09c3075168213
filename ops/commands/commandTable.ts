// The command line as data: names, options, examples. Each command's code is loaded when it is called.
import { catalogueCommands } from './catalogueCommands.ts'
import { type CommandSpec, seedOption, tableFormats } from './commandSpec.ts'
import { deliveryCommands } from './deliveryCommands.ts'
import { drawCommands } from './drawCommands.ts'
import { modelCommands } from './modelCommands.ts'
import { studyCommands } from './studyCommands.ts'
import { subscriptionCommands } from './subscriptionCommands.ts'
import { trainCommands } from './trainCommands.ts'

const samples = { flags: '--samples <n>', description: 'samples of each posterior (default: 256)' }

export const commandTable: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'take every record in the log to its posterior',
    description:
      'Runs the pipeline over the log: ingest, fuse, infer, publish. Ends when nothing is left to do, and goes on where it was when it is called again. With --demo it first ingests the surveys that come with birthline, one after another.',
    options: [
      { flags: '--demo', description: 'ingest real stars of open clusters, survey by survey, and write the results' },
      { flags: '--serve', description: 'answer over HTTP meanwhile and afterwards, until Ctrl-C' },
      { flags: '--host <address>', description: 'address the server listens on (default: 127.0.0.1)' },
      { flags: '--port <n>', description: 'port the server listens on (default: 8480)' },
      { flags: '--shadow <name>', description: 'a published model that goes over the same stars: docs/models.md' },
      samples,
      seedOption,
    ],
    examples: ['birthline run --demo', 'birthline run --serve --port 8480'],
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'ingest',
    summary: "put a survey's table, or spectra, into the log and take them to posteriors",
    description: `Reads a table (${tableFormats}) as one survey's delivery, and runs the pipeline over it. The same file again changes nothing; a later release supersedes what it replaces. So it is with spectra, of a file or of all files in a folder: docs/spectra.md. Ctrl-C keeps what was done; the same command goes on from there.`,
    args: [['<file>', 'the table, or a file or folder of spectra']],
    options: [
      {
        flags: '--survey <name>',
        description:
          'survey it is of, such as gaiaDr3, twoMass, allWise; of spectra such as gaiaXp, apogee, boss, lamostLrs (all: docs/spectra.md), or spectra for whatever the files hold',
        isRequired: true,
      },
      {
        flags: '--map <file>',
        description: "column map, where the table's columns are not named as the survey names them",
      },
      { flags: '--no-infer', description: 'only put the rows or spectra into the log; `birthline run` does the rest' },
      samples,
      seedOption,
    ],
    examples: [
      'birthline ingest pleiades.csv --survey gaiaDr3',
      'birthline ingest mine.fits --survey twoMass --map mine.yaml',
      'birthline ingest folder-of-spectra --survey spectra',
    ],
    load: async () => (await import('./ingest.ts')).ingest,
  },
  {
    name: 'reprocess',
    summary: 'change the model of a log: all stars anew in the background, then in force',
    description:
      'Infers every star with the checkpoint of --to, while the model in force goes on with what arrives. When both are through, the new model is put in force in one transaction, and its posteriors are handed on as reprocessed. Ctrl-C keeps what was done; the same command goes on from there.',
    options: [
      { flags: '--to <folder>', description: 'folder of the new checkpoint', isRequired: true },
      { flags: '--no-swap', description: 'only prepare: the model in force stays in force' },
      samples,
      seedOption,
    ],
    examples: ['birthline reprocess --to my-checkpoint', 'birthline reprocess --to my-checkpoint --no-swap'],
    load: async () => (await import('./reprocess.ts')).reprocess,
  },
  {
    name: 'infer',
    summary: 'posteriors of a whole table, without a log',
    description: `Reads a table row by row (one star a row), writes one row of results for each. Input and output are ${tableFormats}. Memory does not grow with the table.`,
    args: [['<file>', 'the table']],
    options: [
      { flags: '--map <file>', description: 'column map: which column is which quantity', isRequired: true },
      { flags: '--out <file>', description: 'table to write', isRequired: true },
      {
        flags: '--rejects <file>',
        description:
          'refused rows with the reason, as JSON lines (default: OUT.rejects.jsonl); a finished run replaces the list of an earlier one, or removes it where no row is refused, and any other file of that name is left alone',
      },
      samples,
      seedOption,
    ],
    examples: ['birthline infer stars.parquet --map stars.yaml --out ages.parquet --samples 512 --seed 7'],
    load: async () => (await import('./infer.ts')).infer,
  },
  {
    name: 'spectrum',
    summary: "what a survey's file of spectra holds",
    description:
      'Reads a file of Gaia XP, APOGEE, SDSS, BOSS or LAMOST, known by its content, and tells of each spectrum: star, epoch, frame, wavelengths, signal, bad pixels and bits. Nothing is resampled, and nothing put into a log: `birthline ingest` does that. Docs: docs/spectra.md.',
    args: [['<file>', 'the file, gzip or not']],
    options: [
      {
        flags: '--survey <name>',
        description: 'what it should be, such as gaiaXp, apogee, boss, lamostLrs (all: docs/spectra.md)',
      },
      { flags: '--out <file>', description: `table of all pixels or coefficients; ${tableFormats}` },
      { flags: '--plot <file>', description: 'draw one spectrum as SVG' },
      { flags: '--nth <n>', description: 'which one is drawn (default: 1)' },
      { flags: '--posterior', description: 'what the spectrum alone says of its star, by the model' },
      samples,
      seedOption,
    ],
    examples: [
      'birthline spectrum spec-4068-55445-0924.fits --plot spectrum.svg',
      'birthline spectrum spec-0618-52049-0372.fits --posterior',
      'birthline spectrum XP_CONTINUOUS_RAW.csv --json',
      'birthline spectrum apStar-r12-2M00000002+7417074.fits --out pixels.parquet',
    ],
    load: async () => (await import('./spectrum.ts')).spectrum,
  },
  {
    name: 'star',
    summary: 'inputs, posterior, classes and history of one star',
    description:
      'Looks a star up by its id here or in any survey: a Gaia source_id, a 2MASS or AllWISE designation, survey:id.',
    args: [['<id...>', 'id of the star; the words of a designation may be given without quotes']],
    options: [{ flags: '--corner <file>', description: 'write the corner plot of the posterior as SVG' }],
    examples: ['birthline star 609857047904101248', 'birthline star 2MASS J16175077-2218096 --corner star.svg'],
    load: async () => (await import('./star.ts')).star,
  },
  {
    name: 'ask',
    summary: 'any question of one star: what is asked, what is given',
    description:
      'Draws samples of any quantities given any others: parameters given the star and a distance, magnitudes that nobody measured, what the surveys would see of parameters. Without an id the star is what --given tells. docs/asking.md says what each form means, and how far it can be trusted.',
    args: [['[id...]', 'id of the star, as `birthline star` takes it']],
    options: [
      {
        flags: '--for <names>',
        description: 'what is asked: logAge,massMsun,WISE,parameters, ... separated by commas',
        isRequired: true,
      },
      {
        flags: '--given <values>',
        description:
          'name=value (exactly), name=value±error (+- too: a measurement), name<value, low<name<high; separated by commas',
      },
      {
        flags: '--prior <values>',
        description: "name=value±error or low<name<high, in the place of the model's own prior of that parameter",
      },
      { flags: '--without <names>', description: 'measurements to leave out: surveys such as WISE, or bands' },
      { flags: '--tokens', description: 'by tokens where the posterior head could answer too, to compare them' },
      {
        flags: '--out <file>',
        description: `table of the samples; ${tableFormats}`,
      },
      samples,
      seedOption,
    ],
    examples: [
      "birthline ask 609857047904101248 --for logAge,mass --given 'distancePc=140±2' --without WISE",
      'birthline ask 609857047904101248 --for WISE --without WISE',
      "birthline ask --for Gaia,2MASS --given 'ageMyr=5,massMsun=0.5,distancePc=140'",
    ],
    load: async () => (await import('./ask.ts')).ask,
  },
  {
    name: 'watch',
    summary: 'live subscription to stars of a class',
    description:
      'Prints every committed posterior that passes, as it comes. Each line ends in a cursor; --from CURSOR goes on after it, and --group remembers it under a name.',
    options: [
      { flags: '--class <name>', description: 'young, or one class of stars', fallback: 'young' },
      { flags: '--above <p>', description: 'smallest probability of the class', fallback: '0.5' },
      { flags: '--subscription <name>', description: 'a saved filter, by id or name, in the place of a class' },
      { flags: '--from <place>', description: 'earliest, latest, or a cursor (default: latest)' },
      { flags: '--group <name>', description: 'go on where the last watch of this name ended' },
      { flags: '--until-end', description: 'end when nothing new is there' },
    ],
    examples: [
      'birthline watch --class young --above 0.9',
      'birthline watch --class giant --from earliest --until-end --json',
      'birthline watch --subscription "young Pleiades" --from earliest',
    ],
    load: async () => (await import('./watch.ts')).watch,
  },
  subscriptionCommands,
  {
    name: 'export',
    summary: 'the newest posterior of every star as a table',
    description: `Writes a catalogue: ids, position, moments and quantiles of every parameter, class probabilities. The table's format goes ${tableFormats}.`,
    options: [
      { flags: '--out <file>', description: 'table to write', isRequired: true },
      { flags: '--class <name>', description: 'only stars of this class: young, or one class of stars' },
      { flags: '--above <p>', description: 'smallest probability of the class', fallback: '0.5' },
    ],
    examples: ['birthline export --out stars.parquet', 'birthline export --class young --above 0.9 --out young.fits'],
    load: async () => (await import('./export.ts')).exportCatalogue,
  },
  ...catalogueCommands,
  {
    name: 'simulate',
    summary: 'stars with known truth, as a table or a folder of shards',
    description: `Draws stars and observes them as the surveys would, gaps included; columns truth_* hold the truth. Without a recipe it draws from the pilot's prior into one table, whose format goes ${tableFormats}. With one it fills a folder with Parquet shards and, in the end, a manifest. With --paced they come into the log instead, at a steady rate, as surveys would deliver them, and go on to posteriors. Ctrl-C keeps what was made; the same command goes on from there.`,
    args: [['[recipe]', 'recipe file, or the name of one that comes with birthline: docs/recipes.md']],
    options: [
      { flags: '--stars <n>', description: 'how many (default: 1000; with --paced until Ctrl-C)' },
      { flags: '--out <place>', description: 'table to write; with a recipe, folder of the shards' },
      { flags: '--shard-stars <n>', description: 'stars in a shard (default: 20000)' },
      {
        flags: '--paced <rate>',
        description: 'stars per second into the log; --stars counts those of earlier runs too',
      },
      { flags: '--no-infer', description: 'with --paced: only put the rows into the log' },
      samples,
      seedOption,
    ],
    examples: [
      'birthline simulate --stars 10000 --seed 3 --out simulated.parquet',
      'birthline simulate pilot --stars 1000000 --out simulated',
      'birthline simulate mine.yaml --stars 1000000 --out mine --workers 8',
      'birthline simulate pilot --paced 500 --brokers kafka-1:9092 --no-infer',
    ],
    load: async () => (await import('./simulate.ts')).simulate,
  },
  drawCommands,
  trainCommands,
  {
    name: 'calibrate',
    summary: 'how far the posteriors can be trusted',
    description:
      'Infers fresh simulated stars whose truth is known and compares: ranks (SBC), TARP, coverage, reliability of the classes, single stars (L-C2ST); for complete data, for the commonest patterns of missing data, for all stars with 0, 30 and 60% more missing at random, and by region of the HR diagram. Writes a page with figures, and the same numbers as JSON beside it. Stopped, it goes on from the last section when called again.',
    options: [
      { flags: '--out <file>', description: 'page to write; the JSON goes beside it', fallback: 'calibration.html' },
      { flags: '--stars <n>', description: 'simulated stars for each pattern', fallback: '2000' },
      {
        flags: '--only <text>',
        description: 'patterns alone that have this text in their names, such as "spectrum of"',
      },
      samples,
      seedOption,
    ],
    examples: ['birthline calibrate --stars 2000 --out calibration.html'],
    load: async () => (await import('./calibrate.ts')).calibrate,
  },
  modelCommands,
  {
    name: 'evaluate',
    summary: 'how the posteriors of real stars compare with what is known',
    description:
      'Infers the stars that come with birthline, and those of a folder of catalogues where one is given, and compares: temperatures and gravities of benchmark stars, distances without the parallax, ages of clusters, P(young) of young and old clusters. Writes real-stars.md, its figures and the numbers as JSON.',
    options: [
      { flags: '--catalogues <folder>', description: 'folder of published tables; docs/real-stars.md lists them' },
      { flags: '--out <folder>', description: 'folder of the page', fallback: '.' },
      samples,
      seedOption,
    ],
    examples: ['birthline evaluate --out report', 'birthline evaluate --catalogues tables --out docs'],
    load: async () => (await import('./evaluate.ts')).evaluate,
  },
  {
    name: 'gap',
    summary: 'how far simulated stars lie from real ones',
    description:
      'Draws stars by recipes that should look like real clusters and field stars, and has a fixed classifier tell the two apart, for each subset of surveys. Writes domain-gap.md and the numbers as JSON: the accuracy, and what separates them most.',
    options: [
      { flags: '--catalogues <folder>', description: 'folder of published tables; docs/domain-gap.md names them' },
      { flags: '--out <folder>', description: 'folder of the page', fallback: '.' },
      seedOption,
    ],
    examples: ['birthline gap --out report', 'birthline gap --catalogues tables --out docs'],
    load: async () => (await import('./gap.ts')).gap,
  },
  ...studyCommands,
  {
    name: 'task',
    summary: 'reference tasks of simulation-based inference, learned and sampled',
    description:
      'Learns a reference task (docs/tasks.md) from simulations of it, `train`, and draws samples of any of its variables given any others, `sample`: without --for all that is not given. `distil` teaches a small network beside the model, which with --fast draws the parameters given all data some twenty times faster. Training that is stopped goes on where it was.',
    args: [
      ['<name>', 'gaussian_linear, gaussian_mixture, two_moons, slcp, tree or hmm'],
      ['<action>', 'train, sample or distil'],
    ],
    options: [
      { flags: '--simulations <n>', description: 'train: simulations to learn from, 100 to 1000000' },
      { flags: '--steps <n>', description: 'train, distil: steps, for a quick trial' },
      { flags: '--out <path>', description: `train: folder of the model; sample: table to write, ${tableFormats}` },
      { flags: '--model <folder>', description: 'sample, distil: the folder that train wrote' },
      { flags: '--lessons <n>', description: 'distil: samples of the model to learn from (default: 100000)' },
      { flags: '--fast', description: 'sample: by the small network that distil wrote' },
      {
        flags: '--weighted',
        description: "sample: with a weight each, from the task's own density, and how many samples they are worth",
      },
      { flags: '--observation <file>', description: 'sample: table of one row, columns named as variables' },
      { flags: '--samples <n>', description: 'sample: how many, 16 to 65536', fallback: '1000' },
      { flags: '--given <list>', description: 'sample: values beside the observation, name=value,name=value' },
      { flags: '--for <list>', description: 'sample: the names to ask for' },
      seedOption,
    ],
    examples: [
      'birthline task two_moons train --simulations 10000 --seed 1 --out moons',
      'birthline task two_moons sample --model moons --observation obs.csv --samples 10000 --out samples.csv',
      'birthline task two_moons distil --model moons',
      'birthline task tree sample --model tree --given parameter_1=0.3 --samples 1000 --out samples.csv',
    ],
    load: async () => (await import('./learnTask.ts')).task,
  },
  ...deliveryCommands,
  {
    name: 'copy',
    summary: 'the whole log to another folder or to brokers',
    description:
      'Copies every record, with the partitions of the place it goes to, and compares both in the end. The log must have no work left and nobody may write to it meanwhile; nothing of it is changed. A copy that is interrupted begins anew.',
    options: [
      { flags: '--to <folder>', description: 'data folder of the copy' },
      { flags: '--to-brokers <list>', description: 'Kafka brokers of the copy: host:port, separated by commas' },
      {
        flags: '--to-prefix <name>',
        description: 'what its topics and groups begin with (default: as set for the log)',
      },
      { flags: '--to-partitions <n>', description: 'partitions of each topic that processes share (default: 4)' },
    ],
    examples: [
      'birthline copy --to other-data',
      'birthline copy --to-brokers kafka-1:9092,kafka-2:9092 --to-partitions 32',
      'birthline copy --brokers kafka-1:9092 --to-brokers kafka-1:9092 --to-prefix wide. --to-partitions 64',
    ],
    load: async () => (await import('./copy.ts')).copy,
  },
  {
    name: 'status',
    summary: 'the whole pipeline on one screen, live',
    description:
      'Shows each stage with its lag, rate and last commit, the topics with places and bytes, refused records by code, deliveries that are not at their end, and the newest posteriors, and draws it anew until Ctrl-C. Reads the log beside whoever writes it; where a server answers at --host and --port, what only that one knows is there too.',
    options: [
      { flags: '--once', description: 'show it once, after a second for the rates; so too where stdout is no screen' },
      { flags: '--every <seconds>', description: 'between two looks', fallback: '2' },
      { flags: '--host <address>', description: 'address of the server (default: 127.0.0.1)' },
      { flags: '--port <n>', description: 'port of the server (default: 8480)' },
    ],
    examples: ['birthline status', 'birthline status --once --json'],
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'registry',
    summary: 'schemas of the topics, for a schema registry',
    description:
      "`birthline run --serve` is a schema registry itself; where the brokers have another one with the REST API of Confluent's, these put our schemas there.",
    examples: ['birthline registry list', 'birthline registry push http://HOST:8081'],
    commands: [
      {
        name: 'list',
        summary: 'subjects, versions and ids',
        description: 'Lists the subject of each topic with its versions and their ids.',
        examples: ['birthline registry list', 'birthline registry list --json'],
        load: async () => (await import('./registry.ts')).listSchemas,
      },
      {
        name: 'push',
        summary: 'put what is missing into a registry',
        description:
          'Registers every version under our id, in the mode IMPORT of each subject; refuses where an id is taken.',
        args: [['<url>', 'address of the registry, with USER:PASSWORD@ before the host where it asks for a login']],
        examples: ['birthline registry push http://HOST:8081'],
        load: async () => (await import('./registry.ts')).pushSchemas,
      },
      {
        name: 'check',
        summary: 'compare a registry with our schemas',
        description: 'Says which of our schemas a registry lacks, or has otherwise; exit code 1 where there are any.',
        args: [['<url>', 'address of the registry']],
        examples: ['birthline registry check http://HOST:8081'],
        load: async () => (await import('./registry.ts')).checkSchemas,
      },
    ],
  },
  {
    name: 'doctor',
    summary: 'look for problems, and say what to do',
    description: 'Checks Node, the packages, the settings, the disk, the log and the model.',
    examples: ['birthline doctor', 'birthline doctor --json'],
    load: async () => (await import('./doctor.ts')).doctor,
  },
]
