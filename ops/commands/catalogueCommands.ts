// The part of the table of commands that is about the catalogue as a whole.
import type { CommandSpec } from './commandSpec.ts'

export const catalogueCommands: readonly CommandSpec[] = [
  {
    name: 'release',
    summary: 'a data release: the catalogue, samples, checksums and where it all comes from',
    description:
      'Writes a folder: the newest posterior of every star as Parquet files by HEALPix pixel, with units, UCDs and descriptions, the samples as Arrow, README, column table, model cards, provenance and checksums. The folder appears when it is whole. The same log gives the same bytes. Docs: docs/release.md.',
    args: [['<folder>', 'folder to write; it must not hold anything yet']],
    options: [
      { flags: '--where <filter>', description: 'only stars that pass, such as "young > 0.9": docs/filters.md' },
      {
        flags: '--format <list>',
        description: 'parquet, votable, fits, separated by commas; the last two for up to 100000 stars',
        fallback: 'parquet',
      },
      { flags: '--no-samples', description: 'leave the samples out' },
      { flags: '--title <text>', description: 'what it is called' },
      { flags: '--date <day>', description: 'as 2026-01-31 (default: of the last sign of life in the log)' },
    ],
    examples: [
      'birthline release dr1',
      'birthline release young --where "young > 0.9" --format parquet,votable,fits',
      'birthline release check dr1',
    ],
    load: async () => (await import('./release.ts')).release,
    commands: [
      {
        name: 'check',
        summary: 'whether every file of a release is as it was written',
        description:
          'Compares every file with SHA256SUMS; tells of those that changed, are missing, or were put there.',
        args: [['<folder>', 'folder of the release']],
        examples: ['birthline release check dr1'],
        load: async () => (await import('./release.ts')).checkRelease,
      },
    ],
  },
]
