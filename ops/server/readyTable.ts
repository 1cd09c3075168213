// The table of stars once it holds what was in the log at the start of the server.
import type { FastifyReply } from 'fastify'
import type { StarTable } from '../catalogue/starTable.ts'
import type { FollowedTable } from '../catalogue/tableFollower.ts'
import { sendProblem } from './problem.ts'

const START_WAIT_MS = 10_000

/** The table, or null once the reply says that it is not whole yet. */
export async function readyTable(followed: FollowedTable, reply: FastifyReply): Promise<StarTable | null> {
  if (await followed.upToDate(START_WAIT_MS)) return followed.table
  reply.header('retry-after', '10')
  const detail = 'The server has just started and still reads its stars: ask again in some seconds.'
  sendProblem(reply, 503, 'STARTING', detail)
  return null
}
