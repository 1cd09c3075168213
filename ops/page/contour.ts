// Contours of a grid of densities as one SVG path (marching squares), for the corner plot.

/**
 * @param values [size x size], row by row from the bottom, each at the middle of its cell
 * @returns a path in a square of the given side, y downwards; empty where nothing crosses the level
 */
export function contourPath(values: ArrayLike<number>, size: number, level: number, sidePx: number): string {
  const cell = sidePx / size
  const parts: string[] = []
  const at = (column: number, row: number) => values[row * size + column]
  const point = (column: number, row: number) => `${round((column + 0.5) * cell)} ${round(sidePx - (row + 0.5) * cell)}`
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const corners = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)]
      const places = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ]
      const crossings: string[] = []
      for (let side = 0; side < 4; side++) {
        const [a, b] = [corners[side], corners[(side + 1) % 4]]
        if (a >= level === b >= level) continue
        const part = (level - a) / (b - a)
        const [[ax, ay], [bx, by]] = [places[side], places[(side + 1) % 4]]
        crossings.push(point(ax + part * (bx - ax), ay + part * (by - ay)))
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) parts.push(`M${crossings[i]}L${crossings[i + 1]}`)
    }
  }
  return parts.join('')
}

const round = (value: number) => Math.round(value * 10) / 10
