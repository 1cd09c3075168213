// Reports: surveys in the words of a reader.
const shortNames: ReadonlyMap<string, string> = new Map([
  ['gaiaDr2', 'Gaia DR2'],
  ['gaiaDr3', 'Gaia DR3'],
  ['twoMass', '2MASS'],
  ['allWise', 'AllWISE'],
  ['boss', 'BOSS'],
  ['lamostLrs', 'LAMOST LRS'],
  ['apogee', 'APOGEE'],
])

/** Such as `Gaia DR3 + 2MASS`; a survey without a short name is called as its file is. */
export function surveyWords(surveys: readonly string[]): string {
  const order = [...shortNames.keys()]
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...surveys]
    .sort((a, b) => rank(a) - rank(b))
    .map(name => shortNames.get(name) ?? name)
    .join(' + ')
}
