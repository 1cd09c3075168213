// The commands that draw pictures.
import { type CommandSpec, type OptionSpec, seedOption, tableFormats } from './commandSpec.ts'

const studyOptions: readonly OptionSpec[] = [
  { flags: '--stars <n>', description: 'simulated stars, 50 to 10000', fallback: '2000' },
  { flags: '--samples <n>', description: 'samples of each posterior (default: 256)' },
  { flags: '--out <folder>', description: 'folder of the page', fallback: '.' },
  seedOption,
]

export const drawCommands: CommandSpec = {
  name: 'draw',
  summary: 'pictures of the forward model, and of the mathematics',
  description:
    'Draws what simulations are made of and what comes of them, and what the posterior model rests on, as SVG.',
  examples: [
    'birthline draw populations simulated --out figures',
    'birthline draw atmospheres --log-teff 3.6 --av 1',
    'birthline draw seds --out seds.svg',
  ],
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
    {
      name: 'atmospheres',
      summary: 'a star as Kurucz, BT-Settl, PHOENIX and BaSeL see it',
      description:
        "Draws the spectra of the libraries behind the same dust, their colours V - X against Kurucz's, and V - K along the temperatures. BaSeL, of which colours alone are published, comes from a table of bolometric corrections that you give.",
      options: [
        { flags: '--log-teff <dex>', description: 'log10 of the effective temperature in K', isRequired: true },
        { flags: '--av <mag>', description: 'extinction', fallback: '0' },
        { flags: '--logg <dex>', description: 'log10 of the gravity in cm/s2', fallback: '4' },
        { flags: '--feh <dex>', description: 'abundance of metals', fallback: '0' },
        { flags: '--law <name>', description: 'extinction law: ccm89, o94, f99, f19, g23', fallback: 'g23' },
        { flags: '--rv <ratio>', description: 'R_V of the dust', fallback: '3.1' },
        {
          flags: '--basel <file>',
          description: `table of BaSeL (${tableFormats}): teff, logg, feh and the corrections B, V, R, I, J, H, K`,
        },
        { flags: '--out <file>', description: 'figure to write', fallback: 'atmospheres.svg' },
      ],
      examples: [
        'birthline draw atmospheres --log-teff 3.6 --av 1',
        'birthline draw atmospheres --log-teff 3.6 --av 1 --basel lcb98cor.csv --out figure.svg',
      ],
      load: async () => (await import('./drawAtmospheres.ts')).drawAtmospheres,
    },
    {
      name: 'seds',
      summary: 'spectra of the eighteen sets of young stellar objects in dust',
      description:
        'Draws objects of each set of Robitaille 2017 over its whole ranges, from 0.1 to 1000 micron in shares of the light of the bare star, with the median and the middle 68% of each set.',
      options: [
        { flags: '--count <n>', description: 'objects of each set, 7 to 500', fallback: '36' },
        { flags: '--aperture <au>', description: 'radius of the aperture, 100 to 1e6 AU', fallback: '3000' },
        {
          flags: '--published <set=file>',
          description: "a published spectrum in sedfitter's first layout (FITS), drawn over the set that it belongs to",
        },
        seedOption,
        { flags: '--out <file>', description: 'figure to write', fallback: 'seds.svg' },
      ],
      examples: [
        'birthline draw seds --seed 7 --out seds.svg',
        'birthline draw seds --published sp--s-i=3000030_1_sed.fits.gz',
      ],
      load: async () => (await import('./drawSeds.ts')).drawSeds,
    },
    {
      name: 'spectra',
      summary: 'simulated spectra of BOSS, LAMOST or APOGEE, or one beside a real spectrum',
      description:
        'Draws simulated spectra of six stars, from an A0 dwarf to a veiled T Tauri star, or of the one whose parameters you give. With --real it draws the lines of a real spectrum above those of a simulated one, and tells how like they are. Docs: docs/simulated-spectra.md.',
      options: [
        { flags: '--survey <name>', description: 'boss, lamostLrs or apogee', fallback: 'boss' },
        { flags: '--signal <ratio>', description: 'signal over noise, 1 to 1000', fallback: '30' },
        { flags: '--real <file>', description: 'spectrum of SDSS, BOSS, LAMOST LRS or APOGEE' },
        { flags: '--teff <kelvin>', description: 'of one star, or that of --real; 5777 where not given' },
        { flags: '--logg <dex>', description: 'of that star; 4.44 where not given' },
        { flags: '--feh <dex>', description: 'of that star; 0 where not given' },
        { flags: '--av <mag>', description: 'extinction of that star; 0 where not given' },
        { flags: '--velocity <kmPerS>', description: 'of that star, positive away; 0 where not given' },
        { flags: '--family <name>', description: 'atmospheres: kurucz or btSettl; kurucz where not given' },
        {
          flags: '--grid <folder>',
          description:
            'your own synthetic spectra (FITS or Parquet) in place of the templates: docs/simulated-spectra.md',
        },
        seedOption,
        { flags: '--out <file>', description: 'figure to write', fallback: 'spectra.svg' },
      ],
      examples: [
        'birthline draw spectra --seed 1 --out spectra.svg',
        'birthline draw spectra --survey apogee --teff 4500 --logg 2',
        'birthline draw spectra --real spec-58397.fits --teff 5720 --logg 4.4 --out beside.svg',
        'birthline draw spectra --grid phoenix --survey lamostLrs',
      ],
      load: async () => (await import('./drawSpectra.ts')).drawSpectra,
    },
    {
      name: 'samplers',
      summary: 'how fast each sampler of the diffusion nears the truth, for a Gaussian',
      description:
        'Propagates the mean and the width of what each sampler draws, without chance, for Gaussian data whose denoiser is exact, and draws how far from the truth it is after so many calls of the model. Docs: docs/mathematics.md.',
      options: [
        { flags: '--mean <latent>', description: 'of the data, -3 to 3', fallback: '0.7' },
        { flags: '--width <latent>', description: 'of the data, 0.02 to 1', fallback: '0.3' },
        { flags: '--out <file>', description: 'figure to write', fallback: 'samplers.svg' },
      ],
      examples: ['birthline draw samplers', 'birthline draw samplers --width 0.05 --out narrow.svg'],
      load: async () => (await import('./drawSamplers.ts')).drawSamplers,
    },
    {
      name: 'three-variables',
      summary: 'what a mask makes independent: the score of three numbers, learned and true',
      description:
        'Trains a small network of tokens on three correlated numbers, and draws its score with z kept from x and y by the mask, and without, over the closed form. A minute or more. Docs: docs/mathematics.md.',
      options: [
        { flags: '--steps <n>', description: 'of training, 10 to 100000', fallback: '6000' },
        seedOption,
        { flags: '--out <file>', description: 'figure to write', fallback: 'three-variables.svg' },
      ],
      examples: [
        'birthline draw three-variables --seed 1',
        'birthline draw three-variables --steps 1500 --out quick.svg',
      ],
      load: async () => (await import('./drawThreeVariables.ts')).drawThreeVariables,
    },
    {
      name: 'alignment',
      summary: 'how transport matches simulated stars with real ones, with and without known pairs',
      description:
        'Draws three kinds of points in two dimensions, simulated and seen, and the plans by which exact transport, Gromov-Wasserstein and keypoint-guided transport match them. Docs: docs/alignment.md.',
      options: [
        { flags: '--count <n>', description: 'stars of each kind on each side, 2 to 100', fallback: '20' },
        seedOption,
        { flags: '--out <file>', description: 'figure to write', fallback: 'alignment.svg' },
      ],
      examples: ['birthline draw alignment --seed 1', 'birthline draw alignment --count 60 --out many.svg'],
      load: async () => (await import('./drawAlignment.ts')).drawAlignment,
    },
    {
      name: 'value',
      summary: 'what each survey is worth: how narrow and how right posteriors are by one and by several',
      description:
        'Shows simulated stars that everybody has seen to the model by the parallax alone, by Gaia, 2MASS and WISE, by XP and by every spectrum that the model reads, alone and together, and writes value.md, its figure and the numbers as JSON: widths, scatter about the truth, coverage, and how sure and right the class is. Docs: docs/value.md.',
      options: studyOptions,
      examples: [
        'birthline draw value --stars 2000 --out report',
        'birthline draw value --model my-checkpoint --out report',
      ],
      load: async () => (await import('./drawValue.ts')).drawValue,
    },
    {
      name: 'agreement',
      summary: 'whether instruments agree about the same star within their errors',
      description:
        'Shows simulated stars to the model by one instrument at a time, and writes agreement.md, its figure and the numbers as JSON: differences of the posteriors of each pair over their widths, beside what calibrated ones would have. Docs: docs/agreement.md.',
      options: studyOptions,
      examples: ['birthline draw agreement --stars 2000 --out report'],
      load: async () => (await import('./drawValue.ts')).drawAgreement,
    },
    {
      name: 'sample',
      summary: 'samples of young stars: how pure and complete, beside a classic classifier',
      description:
        'Simulates a sky with young stars as rare as they are, teaches boosted trees on another, and compares samples above a threshold on P(young) by Gaia, 2MASS, WISE and XP: purity, completeness, which kinds of stars each survey removes, and a map from above the Galaxy; then real stars of known age. Writes yso-samples.md, its figures, the numbers as JSON and the stars as CSV for other programs. Docs: docs/yso-samples.md.',
      options: [
        { flags: '--stars <n>', description: 'simulated stars that are judged, 200 to 100000', fallback: '6000' },
        { flags: '--samples <n>', description: 'samples of each posterior', fallback: '32' },
        {
          flags: '--catalogues <folder>',
          description: 'real stars beside those that come with birthline; docs/real-stars.md lists the tables',
        },
        {
          flags: '--beside <name=file>',
          description: 'scores of another program for the stars of that CSV: a table with the columns star and score',
        },
        { flags: '--out <folder>', description: 'folder of the page', fallback: '.' },
        seedOption,
      ],
      examples: [
        'birthline draw sample --out report',
        'birthline draw sample --catalogues catalogues --beside Sagitta=sagitta.csv --out report',
      ],
      load: async () => (await import('./drawSample.ts')).drawSample,
    },
  ],
}
