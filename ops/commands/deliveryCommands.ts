// The part of the table of commands that is about what was delivered: releases, and what was refused of them.
import { type CommandSpec, tableFormats } from './commandSpec.ts'

export const deliveryCommands: readonly CommandSpec[] = [
  {
    name: 'releases',
    summary: 'what was delivered, and back out of it',
    description:
      'Every table that was taken in is a delivery with a number. A delivery can be rolled back: what it changed is then as if it had never come.',
    examples: ['birthline releases list', 'birthline releases rollback 3'],
    commands: [
      {
        name: 'list',
        summary: 'every delivery, and what became of its rows',
        description:
          'Lists deliveries: survey, file, rows, how many sources were new, changed, unchanged, superseded already or refused, and where it stopped.',
        examples: ['birthline releases list', 'birthline releases list --json'],
        load: async () => (await import('./releases.ts')).listReleases,
      },
      {
        name: 'show',
        summary: 'one of them',
        description: 'Shows one delivery.',
        args: [['<delivery>', 'its number, or the name of its file']],
        examples: ['birthline releases show 3', 'birthline releases show pleiades.csv'],
        load: async () => (await import('./releases.ts')).showRelease,
      },
      {
        name: 'diff',
        summary: 'what one says otherwise than another',
        description:
          'Compares two deliveries, two releases of a survey, or one of them with what is in force: sources new, gone, changed and unchanged; of each field how far it moved, in its unit and in sigma; the sources that moved most. The log is read once, and memory does not grow with it.',
        args: [
          ['<before>', 'number or file of a delivery, a survey for all its deliveries, such as gaiaDr2, or in-force'],
          ['[after]', 'the same (default: in-force)'],
        ],
        options: [
          { flags: '--limit <n>', description: 'sources that are listed of each kind', fallback: '20' },
          { flags: '--above <sigma>', description: 'only changed sources that moved by more', fallback: '0' },
          { flags: '--out <file>', description: `table of all that is new, gone or changed (${tableFormats})` },
        ],
        examples: [
          'birthline releases diff gaiaDr2 gaiaDr3',
          'birthline releases diff 3 --above 5 --out moved.parquet',
        ],
        load: async () => (await import('./releaseDiff.ts')).diffReleases,
      },
      {
        name: 'rollback',
        summary: 'take one back, as if it had never come',
        description:
          'Sources that the delivery changed go back to what stood before, those that only it had are withdrawn, and the stars they touch are inferred anew. Goes on where it was when it is called again. The same file may be delivered again afterwards.',
        args: [['<delivery>', 'its number, or the name of its file']],
        examples: ['birthline releases rollback 3', 'birthline releases rollback gaiaDr3.csv'],
        load: async () => (await import('./releases.ts')).rollBackRelease,
      },
    ],
  },
  {
    name: 'dead-letters',
    summary: 'records that were refused, and why',
    description:
      'Every refused record is kept with the reason, its origin and its bytes. It waits until it is put back, closed, or a later delivery has spoken for its row.',
    examples: ['birthline dead-letters list', 'birthline dead-letters redrive --code SURVEY_UNKNOWN'],
    commands: [
      {
        name: 'list',
        summary: 'those that wait, newest last',
        description: 'Lists refused records with code, origin and reason.',
        options: [
          { flags: '--code <code>', description: 'only those with this code' },
          { flags: '--all', description: 'those that no longer wait too' },
        ],
        examples: ['birthline dead-letters list', 'birthline dead-letters list --code VALUE_OUT_OF_RANGE --json'],
        load: async () => (await import('./deadLetters.ts')).listDeadLetters,
      },
      {
        name: 'show',
        summary: 'one of them, with its record',
        description: 'Shows a refused record whole: reason, origin, and the record as it came.',
        args: [['<id>', 'id of the dead letter, or its first characters']],
        examples: ['birthline dead-letters show 3f9a'],
        load: async () => (await import('./deadLetters.ts')).showDeadLetter,
      },
      {
        name: 'redrive',
        summary: 'put them back after a fix',
        description: 'Puts refused records back where they were refused and runs the pipeline over them; each once.',
        args: [['[id...]', 'ids, or their first characters; none means all']],
        options: [
          { flags: '--code <code>', description: 'only those with this code' },
          {
            flags: '--map <file>',
            description: 'column map for rows whose columns were not named as the survey names them, with their units',
          },
        ],
        examples: [
          'birthline dead-letters redrive 3f9a',
          'birthline dead-letters redrive --code SCHEMA_MISMATCH --map mine.yaml',
        ],
        load: async () => (await import('./deadLetters.ts')).redriveDeadLetters,
      },
      {
        name: 'close',
        summary: 'set some aside for good',
        description: 'Takes refused records off the list of what waits. They stay in the log.',
        args: [['<id...>', 'ids, or their first characters']],
        examples: ['birthline dead-letters close 3f9a 77b0'],
        load: async () => (await import('./deadLetters.ts')).closeDeadLetters,
      },
    ],
  },
]
