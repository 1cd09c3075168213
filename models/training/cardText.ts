// A card as text that a reader can scroll through: indented JSON, each row of numbers on one line.

/** @returns JSON that ends in a line break */
export function cardText(card: object): string {
  // Line breaks within strings are escaped, so a bracket before a line break is always an array's.
  const packed = JSON.stringify(card, null, 1).replace(/\[\n([^[\]{}"]*)\n\s*\]/g, (_, numbers: string) => {
    return `[${numbers.replace(/\s+/g, ' ').trim()}]`
  })
  return `${packed}\n`
}
