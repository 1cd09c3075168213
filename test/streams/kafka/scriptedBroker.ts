import { createServer, type Socket } from 'node:net'
import { type KafkaClient, newEncoder, type WireEncoder, type WireRequest } from '../../../streams/kafka/kafkaClient.ts'

const METADATA = 3
const API_VERSIONS = 18

/** A broker of no topics, which tells who it is; what it says to anything else is up to the test. */
export interface ScriptedBroker {
  readonly address: string
  close(): void
}

export type Answer = (frame: Buffer, socket: Socket) => void

/** @param answer gets what would be the whole answer to an echo, and the connection it was asked on */
export function openScriptedBroker(answer: Answer): Promise<ScriptedBroker> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    let left: Buffer = Buffer.alloc(0)
    socket.on('data', chunk => {
      left = Buffer.concat([left, chunk])
      while (left.length >= 4 && left.length >= 4 + left.readInt32BE()) {
        const request = left.subarray(4, 4 + left.readInt32BE())
        left = left.subarray(4 + request.length)
        const apiKey = request.readInt16BE()
        const number = request.readInt32BE(4)
        if (apiKey === API_VERSIONS) socket.write(frameOf(number, versions()))
        else if (apiKey === METADATA) socket.write(frameOf(number, itself()))
        else answer(frameOf(number, newEncoder().writeString('x'.repeat(100))), socket)
      }
    })
  })
  const portOf = () => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
  const itself = () =>
    newEncoder()
      .writeArray([newEncoder().writeInt32(1).writeString('127.0.0.1').writeInt32(portOf()).writeString(null)])
      .writeInt32(1)
      .writeArray([])
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        address: `127.0.0.1:${portOf()}`,
        close: () => {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      }),
    )
  })
}

function versions(): WireEncoder {
  const newest = (apiKey: number, version: number) => newEncoder().writeInt16(apiKey).writeInt16(0).writeInt16(version)
  return newEncoder()
    .writeInt16(0)
    .writeArray([newest(METADATA, 1), newest(API_VERSIONS, 0)])
}

function frameOf(number: number, content: WireEncoder): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + content.buffer.length)
  head.writeInt32BE(number, 4)
  return Buffer.concat([head, content.buffer])
}

/** A request that such a broker answers with a hundred letters. */
const echo: WireRequest<string> = {
  apiKey: 1,
  apiVersion: 0,
  apiName: 'Echo',
  encode: encoder => encoder,
  decode: decoder => decoder.readString(),
}

export function askFor(client: KafkaClient): Promise<string> {
  return client.persist(async () => client.send(await client.node(1), echo))
}
