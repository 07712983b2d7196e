/**
 * From a message to a journal entry: decode, known device, fields, event time, duplicates. The live hub, backtest,
 * scorecard and trials of rules all call this one pipeline, so the same message is read the same way everywhere.
 */
import type { DeviceEntry } from '../model/entry.ts'
import type { Directory } from '../model/ports/directory.ts'
import { parseTopic, type TopicParts } from '../model/topics.ts'
import { decode } from './decode.ts'
import { type DuplicateWindow, duplicateWindow, type Identity, identityOf } from './duplicates.ts'
import { createFieldReader } from './field-reader.ts'
import { type Dropped, type QuarantineReason, readMessage } from './read-message.ts'

export interface IncomingMessage {
  /** Of the scheme in model/topics.ts; the broker has bound the device id to the login. */
  readonly topic: string
  /** Bytes as received over MQTT, or the object of a recorded log. */
  readonly payload: Uint8Array | object
}

/** Hub clock (ms) at which the message is received; `ts` is the payload's own, for clocks that follow the device. */
export type Stamp = (ts: unknown) => number

/** A message that goes into the journal. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly entry: DeviceEntry
  /** Fields left out of `entry.values`, each with the reason. */
  readonly dropped: readonly Dropped[]
  /** Undefined when a repetition could not be told from a second message. */
  readonly identity: Identity | undefined
}

export type PipelineResult =
  | Accepted
  /** The same message was accepted before. */
  | { readonly kind: 'duplicate'; readonly device: string; readonly identity: Identity }
  | { readonly kind: 'quarantined'; readonly reason: QuarantineReason }

export interface Pipeline {
  /** Processes one message and remembers it as accepted. Never throws. */
  ingest(message: IncomingMessage, stamp: Stamp): PipelineResult
  /** Remembers an entry that the journal contains already. */
  remember(entry: DeviceEntry): void
  /** Forgets an accepted message that was not stored, so that its repetition is accepted. */
  forget(message: Accepted): void
}

/**
 * @param size accepted messages remembered of each device (`ingest.duplicateWindow`)
 * @param directory asked for every message, so that a reloaded community applies at once
 */
export function createPipeline(size: number, directory: () => Pick<Directory, 'device'>): Pipeline {
  const windows = new Map<string, DuplicateWindow>()
  const partsOf = createTopicCache()
  const readFields = createFieldReader()

  function windowOf(device: string): DuplicateWindow {
    const known = windows.get(device)
    if (known) return known
    const window = duplicateWindow(size)
    windows.set(device, window)
    return window
  }

  return {
    ingest({ topic, payload }, stamp) {
      const decoded = decode(payload)
      if ('problem' in decoded) return { kind: 'quarantined', reason: decoded.problem }
      const { value: object } = decoded
      const receivedAt = stamp(object.ts)
      const read = readMessage(
        { parts: partsOf(topic), object, receivedAt },
        { directory: directory(), readFields },
      )
      if ('reason' in read) return { kind: 'quarantined', reason: read.reason }
      const { entry, dropped } = read
      const identity = identityOf(entry)
      if (identity) {
        const window = windowOf(entry.device)
        if (window.has(identity)) return { kind: 'duplicate', device: entry.device, identity }
        window.add(identity)
      }
      return { kind: 'accepted', entry, dropped, identity }
    },
    remember(entry) {
      const identity = identityOf(entry)
      if (identity) windowOf(entry.device).add(identity)
    },
    forget({ entry, identity }) {
      if (identity) windowOf(entry.device).remove(identity)
    },
  }
}

/** Four topics of each of 25,000 devices; when full, the cache starts empty again. */
const MAX_TOPICS = 100_000

/** `parseTopic` with a cache: a device publishes to the same few topics all its life. */
export function createTopicCache(): (topic: string) => TopicParts | undefined {
  const cache = new Map<string, TopicParts>()
  return (topic) => {
    const cached = cache.get(topic)
    if (cached) return cached
    const parts = parseTopic(topic)
    if (!parts) return undefined
    if (cache.size >= MAX_TOPICS) cache.clear()
    cache.set(topic, parts)
    return parts
  }
}
