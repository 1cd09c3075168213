// Radiative transfer by packets of light, to judge the fast spectra by: nothing is shared with them but where the dust lies and its opacities.
import {
  binWidthsUm,
  createRng,
  dustOpacity,
  placeDust,
  planck,
  type Rng,
  sedWavelengthsUm,
  starLuminosity,
  type Yso,
} from '../../models/index.ts'
import { createPacketGrid, fly, type Packet, sectorOf } from './packetGrid.ts'

const WAVELENGTHS = sedWavelengthsUm.length
/** Views in equal parts of the cosine of the inclination, from the plane to the axis. */
export const VIEWS = 5
/** A packet deeper than that in a disk is given up: its light would come out far from where it matters. */
const MOST_TURNS = 2000
const COLDEST_K = 2.5
const ROW_STEP = 0.01
const ROWS = Math.ceil(Math.log(3000 / COLDEST_K) / ROW_STEP)

export interface PacketOutcome {
  /** [VIEWS][200] as if it shone alike in all directions: share of the star's luminosity in each bin of wavelength. */
  readonly light: readonly Float64Array[]
  /** Shares of all packets: that were absorbed at least once, and that were given up. */
  readonly absorbed: number
  readonly lost: number
}

/** [ROWS] emission of a gram over all directions, erg/s/g; [ROWS, WAVELENGTHS] cumulative shares of its change with temperature. */
const emission = new Float64Array(ROWS)
const changes = new Float64Array(ROWS * WAVELENGTHS)
for (let row = 0; row < ROWS; row++) {
  const cold = COLDEST_K * Math.exp(ROW_STEP * row)
  let sum = 0
  for (let i = 0; i < WAVELENGTHS; i++) {
    const weight = dustOpacity.absorption[i] * binWidthsUm[i]
    const here = planck(sedWavelengthsUm[i], cold)
    emission[row] += 4 * Math.PI * weight * here
    sum += weight * Math.max(0, planck(sedWavelengthsUm[i], cold * 1.001) - here)
    changes[row * WAVELENGTHS + i] = sum
  }
  for (let i = 0; i < WAVELENGTHS; i++) changes[row * WAVELENGTHS + i] /= sum
}

/**
 * Sends packets of equal energy from the star; dust that absorbs one warms and sends it on at once, corrected for what it sent before.
 *
 * @param packets more make less noise: a share p of the light is known to sqrt(p / packets)
 * Source: Bjorkman & Wood 2001 (ApJ 554, 615); scattering by Henyey & Greenstein 1941.
 */
export function sendPackets(yso: Omit<Yso, 'inclinationDeg'>, packets: number, seed: number): PacketOutcome {
  const { absorption, extinction, meanCosine } = dustOpacity
  const shares = sedWavelengthsUm.map((w, i) => planck(w, yso.starTeffK) * binWidthsUm[i])
  const whole = shares.reduce((a, b) => a + b, 0)
  const starlight = cumulate(shares.map(share => share / whole))
  const place = placeDust(
    yso,
    shares.map(share => share / whole),
  )
  const grid = createPacketGrid(place)
  const energy = starLuminosity(yso) / packets
  const floorRow = Math.max(0, Math.round(Math.log(place.floorK / COLDEST_K) / ROW_STEP))
  const rows = new Uint16Array(grid.mass.length).fill(floorRow)
  const absorbedTimes = new Uint32Array(grid.mass.length)
  const rng = createRng(seed, 0x9ac4e75)
  const light = Array.from({ length: VIEWS }, () => new Float64Array(WAVELENGTHS))
  const packet: Packet = { x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 1, shell: -1, sector: 0 }
  let absorbedOnce = 0
  let lost = 0
  for (let n = 0; n < packets; n++) {
    rng.seek(n)
    let wave = find(starlight, 0, rng.uniform())
    turnAnywhere(packet, rng)
    packet.x = packet.nx * grid.radiusCm[0] * 1e-3
    packet.y = packet.ny * grid.radiusCm[0] * 1e-3
    packet.z = packet.nz * grid.radiusCm[0] * 1e-3
    packet.shell = -1
    packet.sector = sectorOf(grid, packet)
    let isWarm = false
    for (let turn = 0; ; turn++) {
      if (turn === MOST_TURNS) {
        lost++
        break
      }
      if (!fly(grid, packet, -Math.log(rng.uniform()), extinction[wave])) {
        const view = Math.min(VIEWS - 1, Math.floor(Math.abs(packet.nz) * VIEWS))
        light[view][wave] += VIEWS / packets
        break
      }
      if (rng.uniform() * extinction[wave] < absorption[wave]) {
        isWarm = true
        const cell = packet.shell * grid.latitudes + packet.sector
        absorbedTimes[cell]++
        const sent = emission[floorRow] + (absorbedTimes[cell] * energy) / grid.mass[cell]
        while (rows[cell] < ROWS - 1 && emission[rows[cell]] < sent) rows[cell]++
        wave = find(changes, rows[cell] * WAVELENGTHS, rng.uniform())
        turnAnywhere(packet, rng)
      } else turnForward(packet, meanCosine[wave], rng)
    }
    if (isWarm) absorbedOnce++
  }
  return { light, absorbed: absorbedOnce / packets, lost: lost / packets }
}

function cumulate(shares: Float64Array): Float64Array {
  let sum = 0
  return shares.map(share => {
    sum += share
    return sum
  })
}

/** The first entry from `from` on that reaches `u`, of 200. */
function find(cumulative: Float64Array, from: number, u: number): number {
  let low = 0
  let high = WAVELENGTHS - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[from + middle] >= u) high = middle
    else low = middle + 1
  }
  return low
}

function turnAnywhere(packet: Packet, rng: Rng): void {
  packet.nz = 2 * rng.uniform() - 1
  const across = Math.sqrt(1 - packet.nz * packet.nz)
  const angle = 2 * Math.PI * rng.uniform()
  packet.nx = across * Math.cos(angle)
  packet.ny = across * Math.sin(angle)
}

function turnForward(packet: Packet, g: number, rng: Rng): void {
  const u = 2 * rng.uniform() - 1
  const cosine =
    Math.abs(g) < 1e-3 ? u : Math.max(-1, Math.min(1, (1 + g * g - ((1 - g * g) / (1 + g * u)) ** 2) / (2 * g)))
  const sine = Math.sqrt(1 - cosine * cosine)
  const angle = 2 * Math.PI * rng.uniform()
  const { nx, ny, nz } = packet
  const across = Math.sqrt(Math.max(0, 1 - nz * nz))
  // Two directions across the old one; along the axis any will do.
  const [ax, ay, az] = across > 1e-6 ? [(nx * nz) / across, (ny * nz) / across, -across] : [1, 0, 0]
  const [bx, by] = across > 1e-6 ? [-ny / across, nx / across] : [0, 1]
  packet.nx = cosine * nx + sine * (Math.cos(angle) * ax + Math.sin(angle) * bx)
  packet.ny = cosine * ny + sine * (Math.cos(angle) * ay + Math.sin(angle) * by)
  packet.nz = cosine * nz + sine * Math.cos(angle) * az
  const norm = 1 / Math.sqrt(packet.nx ** 2 + packet.ny ** 2 + packet.nz ** 2)
  packet.nx *= norm
  packet.ny *= norm
  packet.nz *= norm
}
