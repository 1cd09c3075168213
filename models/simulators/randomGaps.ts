// Observables that go missing at random, for any simulator.
import { createRng } from '../math/rng.ts'
import { column, type Simulator } from './simulator.ts'

const PURPOSE = 0x6a95

/**
 * The same stars, of which each observable is dropped with that chance, limits too, but never all of a star's: one that would lose
 * everything keeps one observable, any with the same chance. Lists go together, as a spectrum would.
 *
 * @param chance from 0 to 1
 */
export function withRandomGaps(simulator: Simulator, chance: number): Simulator {
  const { name, parameters, derived, nuisances, observables, limited, lists, facts, classes } = simulator
  return {
    ...{ name, parameters, derived, observables, classes },
    ...(nuisances !== undefined && { nuisances }),
    ...(limited !== undefined && { limited }),
    ...(lists !== undefined && { lists }),
    ...(facts !== undefined && { facts }),
    // Not copied: some simulators measure it when it is asked for.
    get classPrior() {
      return simulator.classPrior
    },
    draw(request) {
      const drawn = simulator.draw(request)
      const rng = createRng(request.seed, PURPOSE)
      const columns = simulator.observables.map(name => ({
        presence: column(drawn.presence, name),
        values: column(drawn.observables, name),
        errors: column(drawn.errors, name),
        limit: drawn.limits?.get(name),
      }))
      const measuredLists = (lists ?? []).flatMap(fact =>
        fact.isMeasured ? [column(drawn.lists ?? new Map(), fact.name)] : [],
      )
      const keeps = new Uint8Array(columns.length)
      for (let i = 0; i < drawn.count; i++) {
        rng.seek(request.first + i)
        let seen = 0
        let kept = 0
        for (let k = 0; k < columns.length; k++) {
          keeps[k] = rng.uniform() >= chance ? 1 : 0
          seen += columns[k].presence[i]
          kept += columns[k].presence[i] * keeps[k]
        }
        let spared = kept > 0 || seen === 0 ? -1 : rng.integer(seen)
        for (let k = 0; k < columns.length; k++) {
          const { presence, values, errors, limit } = columns[k]
          if (limit?.presence[i] === 1 && keeps[k] === 0) {
            limit.presence[i] = 0
            limit.values[i] = 0
          }
          if (presence[i] === 0) continue
          if (keeps[k] === 1 || spared-- === 0) continue
          presence[i] = 0
          values[i] = 0
          errors[i] = 0
        }
        if (measuredLists.length === 0 || rng.uniform() >= chance) continue
        for (const { values, presence } of measuredLists) {
          const length = values.length / presence.length
          presence[i] = 0
          values.fill(0, i * length, (i + 1) * length)
        }
      }
      return drawn
    },
  }
}
