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
  {
    name: 'sql',
    summary: 'SQL over the newest posterior of every star',
    description:
      'Asks one SELECT of the table stars, a row for each star with the columns of a data release, and of tables of your own that --with names. cone(ra, dec, radius), in degrees, stands for the stars within. DuckDB reads Parquet files that are made from the log where it has gone on, and sees no other file. Docs: docs/sql.md.',
    args: [['<query...>', 'one SELECT, in quotes']],
    options: [
      { flags: '--with <files>', description: 'tables to join, separated by commas; each is called as its file is' },
      { flags: '--csv', description: 'the answer as CSV' },
      { flags: '--limit <n>', description: 'rows shown', fallback: '1000' },
      { flags: '--seconds <n>', description: 'the query is stopped after that', fallback: '60' },
      { flags: '--memory <mb>', description: 'megabytes that the query may take', fallback: '1024' },
    ],
    examples: [
      'birthline sql "SELECT count(*) FROM stars WHERE p_young > 0.9"',
      'birthline sql "SELECT star_id, logAgeYr_q50 FROM cone(56.75, 24.12, 2) ORDER BY p_young DESC LIMIT 10"',
      'birthline sql "SELECT m.*, s.logAgeYr_q50 FROM mine m JOIN stars s ON s.id_gaiaDr3 = m.source_id::VARCHAR" --with mine.parquet --csv',
    ],
    load: async () => (await import('./sql.ts')).sql,
  },
]
