import { configDefaults, defineConfig } from 'vitest/config'

const hasKafka = process.env.REQUIRE_KAFKA === '1'
if (!hasKafka)
  console.error('birthline: tests on a Kafka broker are not run; REQUIRE_KAFKA=1 runs them (Java 17, Maven)')

const hasPython = process.env.REQUIRE_PYTHON === '1'
if (!hasPython)
  console.error('birthline: tests of clients in Python are not run; REQUIRE_PYTHON=1 runs them (python3 with venv)')

// The browser that the tests of the page bring along is built for Linux on x64 alone.
const hasBrowser = process.platform === 'linux' && process.arch === 'x64'
if (!hasBrowser) console.error('birthline: tests in a browser are not run: the one they bring is for Linux on x64')

/** Their tests leave nothing behind in their process: the next file finds all modules loaded, which saves near a quarter of the work. */
const sharing = ['schemas', 'models', 'ops/figures'].map(room => `test/${room}/**/*.test.ts`)

export default defineConfig({
  test: {
    // Native sessions and worker threads live in the tests: processes keep them apart.
    pool: 'forks',
    maxWorkers: 2,
    // Nothing is timed by a test: what takes so long on any machine will not come.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 90_000, interval: 10 } },
    projects: [
      { extends: true, test: { name: 'shared', isolate: false, include: sharing } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...sharing,
            ...(hasKafka ? [] : ['test/integration/kafka/**']),
            ...(hasPython ? [] : ['test/integration/python/**']),
            ...(hasBrowser ? [] : ['test/browser/**']),
          ],
          globalSetup: [
            ...(hasKafka ? ['test/integration/kafka/jarSetup.ts'] : []),
            ...(hasPython ? ['test/integration/python/pythonVenv.ts'] : []),
          ],
        },
      },
    ],
  },
})
