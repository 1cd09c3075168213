// Draws very many points into the pixels of an image: a million take some milliseconds, without a graphics card.

/** What a panel shows: edges in its own coordinates, y upwards. */
export interface Bounds {
  readonly x0: number
  readonly x1: number
  readonly y0: number
  readonly y1: number
}

/** As it stands in an address: fine enough for a cluster on the whole sky. */
export function boundsText({ x0, x1, y0, y1 }: Bounds): string {
  return [x0, x1, y0, y1].map(value => Number(value.toPrecision(7))).join(',')
}

export interface PointLayer {
  /** NaN where a star has no place in this panel; such points are left out. */
  readonly xs: Float32Array
  readonly ys: Float32Array
  /** Of each point, as the bytes red, green, blue, alpha of a little-endian word. */
  readonly colours: Uint32Array
  /** 1 for points in front and in colour, 0 for those behind, in grey. */
  readonly isChosen: Uint8Array
}

/** @param pixels [width x height], cleared here; @param radius of a point, in pixels; @param behind colour of what is not chosen */
export function drawPoints(
  layer: PointLayer,
  { x0, x1, y0, y1 }: Bounds,
  size: { readonly width: number; readonly height: number },
  radius: number,
  behind: number,
  pixels: Uint32Array,
): void {
  const { xs, ys, colours, isChosen } = layer
  const { width, height } = size
  pixels.fill(0)
  const [xScale, yScale] = [width / (x1 - x0), height / (y1 - y0)]
  const reach = Math.max(0, Math.round(radius) - 1)
  for (const turn of [0, 1]) {
    for (let i = 0; i < xs.length; i++) {
      if (isChosen[i] !== turn) continue
      // A comparison with NaN is false: a star without a place falls out here.
      const x = (xs[i] - x0) * xScale
      const y = height - (ys[i] - y0) * yScale
      if (!(x >= 0 && x < width && y >= 0 && y < height)) continue
      const colour = turn === 1 ? colours[i] : behind
      const [column, row] = [x | 0, y | 0]
      if (reach === 0) {
        pixels[row * width + column] = colour
        continue
      }
      for (let dy = -reach; dy <= reach; dy++) {
        const at = row + dy
        if (at < 0 || at >= height) continue
        for (let dx = -reach; dx <= reach; dx++) {
          const to = column + dx
          if (dx * dx + dy * dy <= reach * reach + 1 && to >= 0 && to < width) pixels[at * width + to] = colour
        }
      }
    }
  }
}

/** The point nearest to a place, or -1 where none is within the reach. @param reachPx in pixels */
export function nearestPoint(
  { xs, ys, isChosen }: PointLayer,
  { x0, x1, y0, y1 }: Bounds,
  size: { readonly width: number; readonly height: number },
  place: { readonly x: number; readonly y: number },
  reachPx: number,
): number {
  const [xScale, yScale] = [size.width / (x1 - x0), size.height / (y1 - y0)]
  let [found, nearest] = [-1, reachPx * reachPx]
  for (let i = 0; i < xs.length; i++) {
    if (isChosen[i] === 0) continue
    const dx = (xs[i] - x0) * xScale - place.x
    const dy = size.height - (ys[i] - y0) * yScale - place.y
    const square = dx * dx + dy * dy
    if (square <= nearest) [found, nearest] = [i, square]
  }
  return found
}

/** Bounds of all points but the outermost, a little wider. @param isSquare x and y are to the same scale */
export function boundsOf(xs: Float32Array, ys: Float32Array, aspect: number, isSquare: boolean): Bounds {
  const edges = (values: Float32Array) => {
    const known = values.filter(Number.isFinite).sort()
    if (known.length === 0) return [0, 1]
    const [low, high] = [known[Math.floor(known.length * 0.002)], known[Math.ceil((known.length - 1) * 0.998)]]
    const pad = high > low ? (high - low) * 0.06 : 0.5
    return [low - pad, high + pad]
  }
  const [[x0, x1], [y0, y1]] = [edges(xs), edges(ys)]
  if (!isSquare) return { x0, x1, y0, y1 }
  const half = Math.max((x1 - x0) / aspect, y1 - y0) / 2
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2]
  return { x0: x - half * aspect, x1: x + half * aspect, y0: y - half, y1: y + half }
}
