/** Devices: ingest behind the broker. Started before people, so that readiness is known; it listens last. */
import { createBroker } from '../broker/broker.ts'
import { createCredentials } from '../broker/credentials.ts'
import { createIngest, type Ingest } from '../ingest/ingest.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Config } from './config.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Stores } from './stores.ts'

export interface Devices {
  readonly ingest: Ingest
  readonly credentials: ReturnType<typeof createCredentials>
  disconnect(device: string, reason: string): unknown
  /** Lets devices in. Throws CONFIG_INVALID when a port is taken or a certificate cannot be read. */
  listen(): Promise<{ readonly mqtt: string; readonly mqtts?: string }>
}

export async function startDevices(
  config: Config,
  { runtime, stores, directory }: { runtime: Runtime; stores: Stores; directory: Directory },
  scope: Scope,
): Promise<Devices> {
  const ingest = createIngest(config.ingest, { ...runtime, ...stores, directory: () => directory })
  await ingest.start()
  const credentials = createCredentials(await stores.records.credentials.all())
  const broker = createBroker(config.broker, {
    authenticate: credentials.check,
    deviceTopic: (device) => directory.device(device),
    deliver: ingest.receive,
    clock: runtime.wallClock,
    logger: runtime.logger,
    metrics: runtime.metrics,
  })
  return {
    ingest,
    credentials,
    disconnect: broker.disconnect,
    async listen() {
      await broker.start()
      scope.defer('broker', () => broker.stop())
      const { port, tlsPort } = broker.address()
      const { host, tls } = config.broker
      const mqtts = tlsPort === undefined ? undefined : `mqtts://${tls?.host}:${tlsPort}`
      return { mqtt: `mqtt://${host}:${port}`, mqtts }
    },
  }
}
