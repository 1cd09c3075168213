// Disturbs verifiable processes by a seeded schedule, on the embedded log and on brokers of its own, and judges what the logs then
// hold by the history of every operation: nothing acknowledged may be lost, nothing may be there twice, nothing aborted may be seen.
// node dist/ops/bench/proofBench.js [--embedded 500] [--kafka 100] [--seed 1] [--from 0] [--verbose] [--json]
// The same seed gives the same schedule; --from goes on with the run of a number, as the lines on the way name it.
import { parseArgs } from 'node:util'
import { describeCommand } from './harness.ts'
import { runProof } from './proof/proofRun.ts'
import { planRuns } from './proof/proofSchedule.ts'
import { openScene, type Scene } from './proof/scene.ts'

const { values: flags } = parseArgs({
  options: {
    embedded: { type: 'string', default: '500' },
    kafka: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const runs = planRuns({ embedded: Number(flags.embedded), kafka: Number(flags.kafka) }, Number(flags.seed))
const done: Record<string, number> = {}
const total = { acknowledged: 0, aborted: 0, unknownWhole: 0, unknownAbsent: 0, records: 0, sightings: 0 }
const refusals: Record<string, number> = {}
const faults: string[] = []
const startMs = performance.now()
let scene: Scene | null = null
let count = 0
try {
  for (const [number, { scene: kind, seed, plan }] of runs.entries()) {
    if (number < Number(flags.from)) continue
    if (scene?.kind !== kind) {
      await scene?.close()
      scene = await openScene(kind)
    }
    const report = await runProof(scene, number, seed, plan, line => {
      if (flags.verbose) console.error(`  ${Math.round((performance.now() - startMs) / 1000)} s: ${line}`)
    })
    for (const { name } of plan) done[`${kind}: ${name}`] = (done[`${kind}: ${name}`] ?? 0) + 1
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += report[name]
    for (const [code, times] of Object.entries(report.refusals)) refusals[code] = (refusals[code] ?? 0) + times
    faults.push(...report.faults.map(fault => `run ${number}: ${fault}`))
    count += plan.length
    const left = runs.length - number - 1
    const leftMinutes = ((performance.now() - startMs) / 60_000 / (number + 1 - Number(flags.from))) * left
    console.error(
      `run ${number} (${kind}): ${report.acknowledged} acknowledged, ${report.faults.length} faults; ${left} runs left, about ${Math.ceil(leftMinutes)} minutes`,
    )
    for (const fault of report.faults.slice(0, 5)) console.error(`  ${fault}`)
  }
} finally {
  await scene?.close()
}
const report = { command: describeCommand(), disturbances: count, runs: runs.length - Number(flags.from), done }
if (flags.json) console.log(JSON.stringify({ ...report, ...total, refusals, faults }))
else {
  console.log(`${report.command}: ${count} disturbances in ${report.runs} runs.`)
  for (const [name, times] of Object.entries(done)) console.log(`  ${times} times ${name}`)
  console.log(
    `${total.acknowledged} transactions acknowledged, ${total.aborted} aborted or refused, ${total.unknownWhole + total.unknownAbsent} of unknown outcome (${total.unknownWhole} there, ${total.unknownAbsent} not); ${total.sightings} records seen by readers meanwhile.`,
  )
  console.log(faults.length === 0 ? 'Lost 0, doubled 0, nothing out of order.' : faults.join('\n'))
}
if (faults.length > 0) process.exitCode = 1
