import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/*
 * A proxy in front of Postgres that loses a connection at a chosen question. It reads both directions message by message
 * (PostgreSQL documentation, "Message Formats"), so that "the server has answered, and nobody heard it" is a fact and no
 * race: the answer to a question ends with ReadyForQuery. Connections are without TLS.
 */

/** `question`: it never reaches the server. `answer`: the server has answered, and its answer is lost. */
export type Loss = 'question' | 'answer'

export interface CuttingProxy {
  /** The server's, by way of the proxy. */
  readonly url: string
  /** Questions since the last `cut`: a simple query, or what ends with Sync. */
  readonly questions: () => number
  /** How many connections were cut. */
  readonly cuts: () => number
  /** Count anew, and cut at the question with this number, from 0; `undefined`: never. */
  cut(at: { readonly question: number; readonly loss: Loss } | undefined): void
  stop(): Promise<void>
}

export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl)
  const state: State = { asked: 0, cuts: 0, at: undefined }
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const server = connect(Number(target.port || 5432), target.hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      // Messages are written one by one; with Nagle's algorithm each question would take 40 ms.
      socket.setNoDelay(true)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
      // A connection that breaks is what this is for; `close` follows.
      socket.on('error', () => undefined)
    }
    relay(client, server, state)
  })
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${await listen(proxy)}`
  return {
    url: url.href,
    questions: () => state.asked,
    cuts: () => state.cuts,
    cut(at) {
      state.asked = 0
      state.at = at
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

interface State {
  asked: number
  cuts: number
  at: { readonly question: number; readonly loss: Loss } | undefined
}

async function listen(proxy: Server): Promise<number> {
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}

function relay(client: Socket, server: Socket, state: State): void {
  /** Whether the answer to each question on its way is to be lost, oldest first. */
  const losses: boolean[] = []
  const cut = (): void => {
    state.cuts += 1
    client.destroy()
    server.destroy()
  }
  // The first message of a client has no type.
  const fromClient = new MessageReader({ isTyped: false })
  client.on('data', (chunk: Buffer) => {
    for (const message of fromClient.read(chunk)) {
      if (isQuestion(message)) {
        const isIt = state.at?.question === state.asked++
        if (isIt && state.at?.loss === 'question') return cut()
        losses.push(isIt)
      }
      server.write(message)
    }
  })
  const fromServer = new MessageReader({ isTyped: true })
  let isReady = false
  server.on('data', (chunk: Buffer) => {
    for (const message of fromServer.read(chunk)) {
      const isLost = isReady && losses[0] === true
      if (!isLost) client.write(message)
      if (!isReadyForQuery(message)) continue
      if (isLost) return cut()
      // The first one ends the start of the connection and answers no question.
      if (isReady) losses.shift()
      isReady = true
    }
  })
}

/** Query or Sync. */
const isQuestion = (message: Buffer): boolean => message[0] === 0x51 || message[0] === 0x53

const isReadyForQuery = (message: Buffer): boolean => message[0] === 0x5a

/** Cuts a stream into messages: a type, a length that counts itself, a content. */
class MessageReader {
  #rest: Buffer = Buffer.alloc(0)
  #typeLength: 0 | 1

  constructor({ isTyped }: { readonly isTyped: boolean }) {
    this.#typeLength = isTyped ? 1 : 0
  }

  *read(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#rest = Buffer.concat([this.#rest, chunk])
    while (this.#rest.length >= this.#typeLength + 4) {
      const length = this.#typeLength + this.#rest.readUInt32BE(this.#typeLength)
      if (this.#rest.length < length) return
      const message = this.#rest.subarray(0, length)
      this.#rest = this.#rest.subarray(length)
      this.#typeLength = 1
      yield message
    }
  }
}
