// Figures of one star, from its posterior's samples.
import { type Posterior, parameterNames, type SampleColumns, sampleColumn } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { cornerPlot } from '../figures/cornerPlot.ts'

/** The corner plot of the parameters as SVG text. @param name what the star is called in the title */
export function drawCorner(name: string, posterior: Posterior, samples: SampleColumns): string {
  const { classes, surveys } = posterior
  const names = samples.names.filter(one => parameterNames.includes(one))
  return cornerPlot({
    title: name,
    subtitle: `Posterior of ${samples.count} samples, given ${surveys.join(', ')}`,
    names,
    samples: names.map(one => sampleColumn(samples, one)),
    classes,
  })
}

export async function writeCorner(
  path: string,
  name: string,
  posterior: Posterior,
  samples: SampleColumns,
): Promise<void> {
  await writeTextFile(path, drawCorner(name, posterior, samples))
}
