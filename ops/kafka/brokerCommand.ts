// `npm run kafka`: a broker to try birthline with, until Ctrl-C. Arguments: [--nodes 3] [--folder FOLDER].
import { parseArgs } from 'node:util'
import { isFusionError } from '../../schemas/index.ts'
import { startBroker } from './kafkaBroker.ts'

const { values } = parseArgs({ options: { nodes: { type: 'string', default: '1' }, folder: { type: 'string' } } })

try {
  console.error('birthline: starting Apache Kafka (the first time it is brought by Maven, about 100 MB) ...')
  const { folder } = values
  const broker = await startBroker({ nodes: values.nodes === '3' ? 3 : 1, ...(folder !== undefined && { folder }) })
  console.log(broker.addresses.join(','))
  console.error(`birthline: Apache Kafka ${broker.version} listens there; Ctrl-C ends it.`)
  const heldOpen = setInterval(() => {}, 60_000)
  const end = () => {
    clearInterval(heldOpen)
    console.error('birthline: stopping Apache Kafka ...')
    broker.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  if (!isFusionError(error)) throw error
  console.error(`birthline: ${error.message}`)
  process.exitCode = 1
}
