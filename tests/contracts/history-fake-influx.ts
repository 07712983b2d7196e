/** A server that answers like InfluxDB as far as the history asks, and badly when told; for what real ones do rarely. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one write request. */
export interface Answer {
  /** 0 = never answers. */
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Which of the lines are stored; default: all when the status is 204. */
  readonly stores?: (line: string) => boolean
}

export interface FakeInflux {
  readonly url: string
  /** Points by measurement, tags and time, as the server would keep them. */
  readonly points: ReadonlyMap<string, string>
  /** Lines of each write request so far, in order. */
  readonly writes: readonly (readonly string[])[]
  /** Decides on every write from now on; undefined = a healthy server. */
  answer: ((lines: readonly string[]) => Answer | undefined) | undefined
  close(): Promise<void>
}

export async function startFakeInflux(): Promise<FakeInflux> {
  const points = new Map<string, string>()
  const writes: string[][] = []
  const fake = { points, writes, answer: undefined as FakeInflux['answer'] }

  async function write(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const lines = (await bodyOf(request)).split('\n')
    writes.push(lines)
    const {
      status,
      body = '',
      headers = {},
      stores = () => status === 204,
    } = fake.answer?.(lines) ?? { status: 204 }
    for (const line of lines.filter(stores)) points.set(keyOf(line), line)
    if (status !== 0) response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

  /** The one read that writing needs: the hub's own cursor. */
  function query(response: ServerResponse): void {
    const cursors = [...points.values()].map((line) => /^linli_state,key=cursor value=(\d+)i/.exec(line)?.[1])
    const found = cursors.filter((value) => value !== undefined).map(Number)
    const series = found.length > 0 ? [{ name: 'x', values: [[0, Math.max(...found)]] }] : undefined
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ results: [{ statement_id: 0, series }] }))
  }

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/query')) query(response)
    else void write(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Measurement and tags before the first space, time after the last. */
function keyOf(line: string): string {
  return `${line.slice(0, line.indexOf(' '))} ${line.slice(line.lastIndexOf(' ') + 1)}`
}
