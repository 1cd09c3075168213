// What a request holds against the description of its route. All of an address is text, and `limit=5` means a number; a body
// says itself what is a number, and a 64-bit id written as one has lost its last digits before anybody can make text of it.
import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'

export function validateRequests(app: FastifyInstance): void {
  const options = { useDefaults: true, strictTypes: false }
  const ofBodies = new Ajv(options)
  const ofAddresses = new Ajv({ ...options, coerceTypes: 'array' })
  app.setValidatorCompiler(({ schema, httpPart }) => {
    return (httpPart === 'body' ? ofBodies : ofAddresses).compile(schema as object)
  })
}
