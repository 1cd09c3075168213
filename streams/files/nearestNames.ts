// What somebody may have meant by a name that is not there.

/** Case and marks between words are what names differ in most. */
function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** @returns the most alike of the known names, the best first */
export function nearestNames(name: string, known: readonly string[], count = 3): string[] {
  const wanted = bare(name)
  const ranked = known.map(candidate => ({ candidate, distance: likeness(wanted, bare(candidate)) }))
  ranked.sort((a, b) => a.distance - b.distance)
  return ranked.slice(0, count).map(({ candidate }) => candidate)
}

/** Edit distance, but a name that begins with the other is near: `ra` and `RAJ2000`. */
function likeness(a: string, b: string): number {
  const isStart = a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a))
  return isStart ? Math.abs(a.length - b.length) / 10 : editDistance(a, b)
}

/** Least number of letters to insert, delete or replace (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1))
    }
    row = next
  }
  return row[b.length]
}
