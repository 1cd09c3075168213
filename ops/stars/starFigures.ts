// Figures of one star, from its posterior's samples.
import { type Posterior, parameterNames, readSamples } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { cornerPlot } from '../figures/cornerPlot.ts'

/** The corner plot of the parameters as SVG text. @param name what the star is called in the title */
export function drawCorner(name: string, posterior: Posterior): string {
  const { sampleNames, sampleCount, classes, surveys } = posterior
  const samples = readSamples(posterior)
  const names = sampleNames.filter(one => parameterNames.includes(one))
  return cornerPlot({
    title: name,
    subtitle: `Posterior of ${sampleCount} samples, given ${surveys.join(', ')}`,
    names,
    samples: names.map(one => {
      const start = sampleNames.indexOf(one) * sampleCount
      return samples.subarray(start, start + sampleCount)
    }),
    classes,
  })
}

export async function writeCorner(path: string, name: string, posterior: Posterior): Promise<void> {
  await writeTextFile(path, drawCorner(name, posterior))
}
