/** The listening sockets: plain MQTT, and MQTT over TLS when configured. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { LinliError } from '../model/errors.ts'
import { type ListenTarget, listenError } from '../model/listen-error.ts'
import type { BrokerOptions } from './options.ts'

export interface Address {
  readonly port: number
  readonly tlsPort?: number
}

export interface Listeners {
  start(): Promise<void>
  /** Accepts no new connections; existing ones stay. */
  stop(): void
  address(): Address
}

export interface ListenerDeps {
  /** `certificateName` is the common name of a checked client certificate. */
  readonly onSocket: (socket: Socket, certificateName: string | undefined) => void
  readonly onTlsError: (error: Error, address: string) => void
  readonly onTooMany: () => void
  readonly onServerError: (error: Error) => void
}

/** Our side stays open after a device half-closes, so that its last messages are still acknowledged. */
const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true } as const

export function createListeners(options: BrokerOptions, deps: ListenerDeps): Listeners {
  const servers: Server[] = []

  async function listen(server: Server, target: ListenTarget): Promise<void> {
    server.maxConnections = options.maxConnections
    server.on('drop', deps.onTooMany)
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(listenError(target, cause)))
      server.listen(target.port, target.host, resolve)
    })
    server.removeAllListeners('error')
    server.on('error', deps.onServerError)
    servers.push(server)
  }

  async function listenTls(tls: NonNullable<BrokerOptions['tls']>): Promise<void> {
    const [cert, key, ca] = await Promise.all([
      readPem(tls.certFile, 'certFile'),
      readPem(tls.keyFile, 'keyFile'),
      tls.caFile ? readPem(tls.caFile, 'caFile') : undefined,
    ])
    const server = createTlsServer({
      ...socketOptions,
      cert,
      key,
      ca,
      minVersion: 'TLSv1.2',
      requestCert: tls.clientCertificates,
      rejectUnauthorized: tls.clientCertificates,
      handshakeTimeout: options.connectTimeout * 1000,
    })
    server.on('secureConnection', (socket) =>
      deps.onSocket(socket, tls.clientCertificates ? commonName(socket) : undefined),
    )
    server.on('tlsClientError', (error, socket) => deps.onTlsError(error, socket.remoteAddress ?? ''))
    await listen(server, { ...tls, setting: 'broker.tls.port' })
  }

  // Not awaited: a server is closed only when its last connection is.
  const stop = (): void => {
    for (const server of servers) server.close()
  }
  const portOf = (server: Server | undefined): number | undefined => {
    const address = server?.address()
    return typeof address === 'object' ? address?.port : undefined
  }
  return {
    async start() {
      try {
        await listen(
          createServer(socketOptions, (socket) => deps.onSocket(socket, undefined)),
          { ...options, setting: 'broker.port', option: '--mqtt-port' },
        )
        if (options.tls) await listenTls(options.tls)
      } catch (error) {
        stop()
        throw error
      }
    },
    stop,
    address: () => ({ port: portOf(servers[0]) ?? 0, tlsPort: portOf(servers[1]) }),
  }
}

/** An empty name never equals a device id, so a certificate without a name is refused. */
const commonName = (socket: TLSSocket): string => {
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : ''
}

async function readPem(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new LinliError('CONFIG_INVALID', `broker.tls.${option}: ${file} cannot be read`, { cause })
  }
}
