// Mass density of a component anywhere in the Galaxy.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import { type DensityLaw, type GalaxyComponent, sun } from './components.ts'

/** The disks end here: Robin, Creze & Mohan 1992, ApJ 400, L25. */
const DISK_EDGE_KPC = 14

/** @param xKpc towards the Sun is negative: the Galactic centre is the origin, x points away from the Sun, y along its rotation */
export type Density = (xKpc: number, yKpc: number, zKpc: number) => number

/**
 * Msun per cubic parsec of living stars of a component, z measured from the plane.
 * Source: Robin+ 2003, table 3.
 */
export function densityOf(component: GalaxyComponent): Density {
  const shape = shapeOf(component.density)
  const norm = component.norm / (component.normAt === 'sun' ? shape(-sun.radiusKpc, 0, 0) : shape(0, 0, 0))
  return (x, y, z) => norm * shape(x, y, z)
}

function shapeOf(density: DensityLaw): Density {
  switch (density.law) {
    case 'youngDisk': {
      const { epsilon, hPlusKpc, hMinusKpc } = density
      const [plus, minus, flat] = [1 / hPlusKpc ** 2, 1 / hMinusKpc ** 2, 1 / epsilon ** 2]
      return (x, y, z) => {
        const r2 = x * x + y * y
        if (r2 > DISK_EDGE_KPC ** 2) return 0
        const a2 = r2 + z * z * flat
        return Math.exp(-a2 * plus) - Math.exp(-a2 * minus)
      }
    }
    case 'oldDisk': {
      const { epsilon, hPlusKpc, hMinusKpc } = density
      const [plus, minus, flat] = [1 / hPlusKpc ** 2, 1 / hMinusKpc ** 2, 1 / epsilon ** 2]
      return (x, y, z) => {
        const r2 = x * x + y * y
        if (r2 > DISK_EDGE_KPC ** 2) return 0
        const a2 = r2 + z * z * flat
        return Math.exp(-Math.sqrt(0.25 + a2 * plus)) - Math.exp(-Math.sqrt(0.25 + a2 * minus))
      }
    }
    case 'thickDisk': {
      const { hRadialKpc, hVerticalKpc, parabolaKpc } = density
      const curve = 1 / (hVerticalKpc * parabolaKpc * (2 + parabolaKpc / hVerticalKpc))
      const tail = Math.exp(parabolaKpc / hVerticalKpc) / (1 + parabolaKpc / (2 * hVerticalKpc))
      return (x, y, z) => {
        const r2 = x * x + y * y
        if (r2 > DISK_EDGE_KPC ** 2) return 0
        const height = Math.abs(z)
        const across = height <= parabolaKpc ? 1 - z * z * curve : tail * Math.exp(-height / hVerticalKpc)
        return across * Math.exp(-(Math.sqrt(r2) - sun.radiusKpc) / hRadialKpc)
      }
    }
    case 'halo': {
      const { flattening, power, coreKpc } = density
      const [flat, core2, half] = [1 / flattening ** 2, coreKpc ** 2, power / 2]
      return (x, y, z) => (Math.max(core2, x * x + y * y + z * z * flat) / sun.radiusKpc ** 2) ** half
    }
    case 'bulge': {
      const { scalesKpc, cutKpc, anglesDeg } = density
      const [x0, y0, z0] = scalesKpc
      // The small tilt (beta, and gamma so near 90 degrees that it only swaps the short axes, which are equal) is left out.
      const angle = (90 - anglesDeg[0]) * RAD_PER_DEG
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      return (x, y, z) => {
        // The near end of the bar lies at positive longitude.
        const along = x * cos - y * sin
        const aside = x * sin + y * cos
        const r2 = (along / x0) ** 2 + (aside / y0) ** 2
        const reach = Math.sqrt(along * along + aside * aside) - cutKpc
        const body = Math.exp(-0.5 * Math.sqrt(r2 * r2 + (z / z0) ** 4))
        return reach > 0 ? body * Math.exp(-2 * reach * reach) : body
      }
    }
  }
}
