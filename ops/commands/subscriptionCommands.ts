// The part of the table of commands that is about saved filters.
import type { CommandSpec } from './commandSpec.ts'

export const subscriptionCommands: CommandSpec = {
  name: 'subscribe',
  summary: 'save a filter, and be told of its stars',
  description:
    'Saves a filter in the log (docs/filters.md says what can be asked). A pipeline that runs tells of stars that enter it, are updated in it, or leave it, and first of those that are known already: `birthline watch --subscription` and the server pass it on.',
  args: [['[filter]', 'conditions joined by and (default: all stars)']],
  options: [
    { flags: '--name <name>', description: 'what to call it; needed' },
    { flags: '--moc <file>', description: 'file with a region as an ASCII or JSON MOC' },
    { flags: '--watchlist <file>', description: 'file with ids of stars, one a line' },
  ],
  examples: [
    'birthline subscribe "young > 0.9 and within 5 deg of 56.75 24.12" --name "young Pleiades"',
    'birthline subscribe --watchlist ids.txt --name "my stars"',
  ],
  load: async () => (await import('./subscribe.ts')).subscribe,
  commands: [
    {
      name: 'list',
      summary: 'all saved filters',
      description: 'Lists subscriptions: id, name, filter and topic.',
      examples: ['birthline subscribe list', 'birthline subscribe list --json'],
      load: async () => (await import('./subscribe.ts')).listSubscriptions,
    },
    {
      name: 'remove',
      summary: 'end one of them',
      description: 'Ends a subscription: nothing more is told, and its events are forgotten.',
      args: [['<subscription>', 'its id or name']],
      examples: ['birthline subscribe remove "young Pleiades"'],
      load: async () => (await import('./subscribe.ts')).dropSubscription,
    },
  ],
}
