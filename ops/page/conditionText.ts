// Conditions of a filter as the builder puts them together: the text that `where` takes, one after another.

/** One kind of condition, with the fields that it is filled in by. */
export interface ConditionKind {
  readonly key: string
  readonly label: string
  readonly fields: readonly ConditionField[]
  readonly write: (values: readonly string[]) => string
}

export interface ConditionField {
  readonly label: string
  readonly start: string
  /** Without any it is a number. */
  readonly choices?: readonly string[]
}

const quantityUnits: Readonly<Record<string, string>> = {
  age: 'Myr',
  mass: 'Msun',
  teff: 'K',
  av: 'mag',
  distance: 'pc',
}
const number = (label: string, start: string): ConditionField => ({ label, start })
const choice = (label: string, choices: readonly string[]): ConditionField => ({ label, start: choices[0], choices })
const quantityField = choice('Quantity', Object.keys(quantityUnits))
const sign = choice('Below or above', ['<', '>'])

export const conditionKinds: readonly ConditionKind[] = [
  {
    key: 'class',
    label: 'class is probable',
    fields: [
      choice('Class', ['young', 'youngDisk', 'youngDiskless', 'mainSequence', 'giant']),
      number('Probability above', '0.9'),
    ],
    write: ([name, above]) => `${name} > ${above}`,
  },
  {
    key: 'probability',
    label: 'posterior says so',
    fields: [quantityField, sign, number('Value', '3'), number('Probability above', '0.8')],
    write: ([name, side, value, above]) => `P(${name} ${side} ${value} ${quantityUnits[name]}) > ${above}`,
  },
  {
    key: 'median',
    label: 'median is',
    fields: [quantityField, sign, number('Value', '1')],
    write: ([name, side, value]) => `median(${name}) ${side} ${value} ${quantityUnits[name]}`,
  },
  {
    key: 'cone',
    label: 'lies within',
    fields: [number('Radius, degrees', '5'), number('RA, degrees', '56.75'), number('Dec, degrees', '24.12')],
    write: ([radius, ra, dec]) => `within ${radius} deg of ${ra} ${dec}`,
  },
  {
    key: 'survey',
    label: 'was seen by',
    fields: [choice('Seen or not', ['has', 'not has']), choice('Survey', ['gaiaDr3', 'twoMass', 'allWise'])],
    write: ([has, survey]) => `${has} ${survey}`,
  },
]

/** A filter with one more condition. */
export function withCondition(where: string, condition: string): string {
  return where.trim() === '' ? condition : `${where.trim()} and ${condition}`
}

/** Ids of a watchlist: a line each, or the first column of a table; blank lines and those that begin with # are none. */
export function watchedIds(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map(line => line.split(/[,;\t]/)[0].trim())
  return [...new Set(lines.filter(line => line !== '' && !line.startsWith('#')))]
}
