// The HTTP server: limits, description, routes, and an end that lets requests finish.
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { followTable } from '../catalogue/tableFollower.ts'
import { guardAccess } from './access.ts'
import { tellAnswers } from './answers.ts'
import { addAskRoutes } from './askRoutes.ts'
import { addCatalogueRoutes } from './catalogueRoutes.ts'
import { addClassRoutes } from './classRoutes.ts'
import { compressAnswers } from './compression.ts'
import { addConeSearchRoutes } from './coneSearchRoutes.ts'
import { addModelRoutes } from './modelRoutes.ts'
import { addPageRoutes } from './pageRoutes.ts'
import { addPipelineRoutes } from './pipelineRoutes.ts'
import { answerBadAddress, answerBadBytes, handleProblems } from './problem.ts'
import { addQuantityRoutes } from './quantityRoutes.ts'
import { addRegistryRoutes } from './registryRoutes.ts'
import { addSafeHeaders } from './safeHeaders.ts'
import type { ServerParts } from './serverParts.ts'
import { addSpectrumRoutes } from './spectrumRoutes.ts'
import { addSqlRoutes } from './sqlRoutes.ts'
import { addStarRoutes } from './starRoutes.ts'
import { addStatusRoutes } from './statusRoutes.ts'
import { addSubscriptionRoutes } from './subscriptionRoutes.ts'
import { routeUpgrades } from './upgrades.ts'
import { validateRequests } from './validation.ts'

export interface RunningServer {
  /** Such as `http://127.0.0.1:8480`. */
  readonly url: string
  /** Ends subscriptions, lets requests finish, takes no more. */
  close(): Promise<void>
}

const MAX_HEAD_BYTES = 16_384
/** Connections beside those of subscribers. */
const SPARE_CONNECTIONS = 256
const KEEP_ALIVE_MS = 15_000

/** All routes, not listening yet. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { limits, tls } = parts
  const common = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: limits.headTimeoutMs,
    // Looked at this often, whoever sends a byte now and then is cut soon after the time is over.
    connectionsCheckingInterval: Math.ceil(limits.headTimeoutMs / 4),
  }
  const secure = tls === null ? null : { ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headTimeoutMs }
  const app = fastify({
    ...(secure === null ? { http: common } : { https: { ...common, ...secure } }),
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerBadBytes,
  }) as unknown as FastifyInstance
  app.server.maxConnections = limits.maxSubscribers + SPARE_CONNECTIONS
  const closing = new AbortController()
  // Fastify waits for open responses before it closes; an event stream would keep it waiting for ever.
  app.addHook('preClose', async () => closing.abort())
  const clientOf = guardAccess(app, parts.access)
  addSafeHeaders(app, tls !== null)
  tellAnswers(app, clientOf)
  compressAnswers(app)
  await app.register(rateLimit, {
    max: request => clientOf(request).requestsPerMinute ?? limits.requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: request => clientOf(request).name,
  })
  handleProblems(app, parts.report)
  validateRequests(app)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'birthline',
        description: 'Calibrated posteriors of stars, and how they came to be. 64-bit numbers are strings.',
        version: parts.version,
      },
      ...(parts.access.tokens.length > 0 && {
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        security: [{ token: [] }],
      }),
    },
  })
  await app.register(async routes => {
    addStatusRoutes(routes, parts)
    addStarRoutes(routes, parts)
    const followed = followTable(parts.log, closing.signal, parts.report)
    addSpectrumRoutes(routes, parts)
    addCatalogueRoutes(routes, parts, followed)
    addConeSearchRoutes(routes, followed)
    addAskRoutes(routes, parts)
    addSqlRoutes(routes, parts, closing.signal)
    addClassRoutes(routes, parts, closing.signal)
    addSubscriptionRoutes(routes, parts, closing.signal)
    addRegistryRoutes(routes, parts)
    addPipelineRoutes(routes, parts, closing.signal)
    addQuantityRoutes(routes)
    addModelRoutes(routes, parts)
    addPageRoutes(routes, parts.version)
  })
  routeUpgrades(app, tls !== null)
  await app.ready()
  return app
}

/** @throws the system's error when the address cannot be had */
export async function startServer(parts: ServerParts, host: string, port: number): Promise<RunningServer> {
  const app = await buildServer(parts)
  try {
    const url = await app.listen({ host, port })
    return { url, close: () => closeServer(app, parts.limits.closeGraceMs) }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** A connection that never asked for anything would hold the server open for a minute: after the grace all are cut. */
async function closeServer(app: FastifyInstance, graceMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
