/** Settings of the broker. Durations are seconds. */
import { z } from 'zod'

const port = z.int().min(0).max(65_535)
const seconds = z.number().positive().max(86_400)

const tls = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('0.0.0.0')
    .describe('Address of the encrypted listener; plain MQTT keeps its own'),
  port: port.default(8883),
  certFile: z.string().min(1).describe('PEM certificate (chain) of the hub'),
  keyFile: z.string().min(1).describe('PEM private key'),
  caFile: z.string().min(1).optional().describe('PEM certificates that may sign device certificates'),
  clientCertificates: z
    .boolean()
    .default(false)
    .describe('Devices must present a certificate whose common name is their id'),
})

export const brokerOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of plain MQTT; leave it on loopback and open broker.tls for devices elsewhere'),
  port: port.default(1883).describe('Plain MQTT; 0 = any free port'),
  tls: tls.optional(),
  maxPacketBytes: z
    .int()
    .min(1024)
    .max(1_048_576)
    .default(65_536)
    .describe('A connection with a larger frame is dropped'),
  maxInFlight: z.int().min(1).max(1000).default(64).describe('Unanswered publishes of one connection'),
  connectTimeout: seconds.default(5).describe('Time within which a connection must send its CONNECT'),
  keepaliveLimit: z
    .int()
    .min(10)
    .max(65_535)
    .default(3600)
    .describe('Longest keep-alive; also applies to devices that ask for none'),
  maxConnections: z.int().min(1).max(1_000_000).default(20_000),
  messagesPerSecond: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(2000)
    .describe('A faster device is slowed down; 0 = no limit'),
  drainTimeout: seconds
    .default(10)
    .describe('A device that does not read its answers for this long is dropped'),
})

export type BrokerOptions = z.infer<typeof brokerOptions>
