import { expect, test } from 'vitest'
import { loadConfig } from '../../../ops/settings/config.ts'
import { logConfig } from '../../../ops/stars/openStarLog.ts'

test('the log is on the brokers that the settings name, and in the data folder where they name none', () => {
  const load = (env: Record<string, string>) => logConfig(loadConfig({ flags: {}, env, workingFolder: '/here' }))
  expect(load({})).toEqual({ kind: 'embedded', folder: '/here/birthline-data/log' })
  expect(load({ BIRTHLINE_KAFKA_BROKERS: 'a:1,b:2' })).toEqual({
    kind: 'kafka',
    brokers: ['a:1', 'b:2'],
    prefix: 'birthline.',
    stateFolder: '/here/birthline-data/kafka',
    standby: [],
  })
  const all = load({
    BIRTHLINE_KAFKA_BROKERS: 'a:1',
    BIRTHLINE_KAFKA_PREFIX: 'sky.',
    BIRTHLINE_KAFKA_TRANSACTIONAL_ID: 'one',
    BIRTHLINE_KAFKA_REPLICATION: '3',
    BIRTHLINE_KAFKA_TLS: 'on',
    BIRTHLINE_KAFKA_LOGIN: 'plain:me:secret',
  })
  expect(all).toMatchObject({
    prefix: 'sky.',
    transactionalId: 'one',
    replication: 3,
    tls: { ca: null, cert: null, key: null },
    login: { mechanism: 'plain', username: 'me', password: 'secret' },
  })
})
