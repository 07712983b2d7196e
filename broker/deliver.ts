/** Delivers messages and withholds their acknowledgements until they are stored (docs/decisions/0004). */
import type { AedesOptions, Client } from 'aedes'
import type { Receipt } from '../model/ports/receipt.ts'
import type { Guard } from './guard.ts'
import type { PlainPublish, PublishedMessage } from './plain-publish.ts'
import { type Refusals, RefusedError } from './refusals.ts'
import { publishRefusal, type Session } from './session.ts'

type Hook = NonNullable<AedesOptions['authorizePublish']>
type Packet = Parameters<Hook>[1]
type Done = Parameters<Hook>[2]

/** Settles the receipt once, now or later. */
export type Deliver = (message: PublishedMessage, receipt: Receipt) => void

export interface DeliverDeps {
  readonly deliver: Deliver
  readonly refusals: Refusals
  readonly guardOf: (client: Client) => Guard
  readonly onAcknowledged: (count: number) => void
  /** False for a will without meaning: the device has a newer connection, or the hub itself is stopping. */
  readonly wantsWill: (session: Session) => boolean
}

const NOTHING = Buffer.alloc(0)

/**
 * Aedes acknowledges QoS 1 before it publishes; `authorizePublish` is the one step before that (tests/contracts pins
 * it). It also runs for QoS 0 and 2 and for wills. Nothing may be thrown here: it would end the process.
 */
export function deliverHook(deps: DeliverDeps): Hook {
  return (client, packet, done) => {
    // Only the hub itself publishes without a client, and not through this hook.
    const guard = client ? deps.guardOf(client) : undefined
    const session = guard?.session
    if (!guard || !session) {
      done(new RefusedError('nobody'))
      return
    }
    try {
      const refusal = publishRefusal(session, packet)
      if (refusal) {
        deps.refusals.message(session.device, packet.topic, refusal)
        done(new RefusedError(refusal))
      } else if (isWill(packet)) acceptWill(deps, { guard, session, packet, done })
      else accept(deps, { guard, session, packet, done })
    } catch (error) {
      deps.refusals.notStored(session.device, error)
      done(new RefusedError('not-stored'))
    }
  }
}

interface Publish {
  readonly guard: Guard
  readonly session: Session
  readonly packet: Packet
  readonly done: Done
}

function accept(deps: DeliverDeps, { guard, session, packet, done }: Publish): void {
  const answer = session.answers.enter((error) => {
    // Earlier acknowledgements must be written before this one.
    guard.flush()
    if (error) {
      deps.refusals.notStored(session.device, error)
      done(new RefusedError('not-stored'))
      return
    }
    strip(packet)
    done()
    deps.onAcknowledged(1)
    guard.answered()
  })
  deps.deliver(messageOf(session, packet), answer)
}

/** For publishes that bypass Aedes. Nothing may be thrown here either. */
export function deliverPlain(
  deps: Pick<DeliverDeps, 'deliver' | 'refusals' | 'onAcknowledged'>,
): (guard: Guard, message: PlainPublish) => void {
  return (guard, message) => {
    const { session } = guard
    if (!session) return
    // Not the message itself: its payload would keep the whole chunk of the socket alive until it is on disk.
    const { qos, messageId } = message
    const answer = session.answers.enter((error) => {
      if (error) {
        deps.refusals.notStored(session.device, error)
        guard.disconnectAfterFlush()
        return
      }
      if (qos === 1) guard.acknowledge(messageId)
      else deps.onAcknowledged(1)
      guard.answered()
    })
    try {
      deps.deliver(message, answer)
    } catch (error) {
      answer.failed(error)
    }
  }
}

/** The connection is closed and its answer queue with it, so there is nobody to acknowledge to. */
function acceptWill(deps: DeliverDeps, { session, packet, done }: Publish): void {
  if (!deps.wantsWill(session)) {
    done(new RefusedError('will-not-wanted'))
    return
  }
  deps.deliver(messageOf(session, packet), {
    // Nobody may subscribe to it, so Aedes has nothing to publish.
    stored: () => done(new RefusedError('will-stored')),
    failed(error) {
      deps.refusals.notStored(session.device, error)
      done(new RefusedError('not-stored'))
    },
  })
}

/** Aedes passes a will as it was in the CONNECT, without a `cmd`. */
const isWill = (packet: Packet): boolean => packet.cmd === undefined

function messageOf(session: Session, packet: Packet): PublishedMessage {
  const { topic, payload, retain, qos } = packet
  return {
    device: session.device,
    topic,
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
    retain,
    qos,
  }
}

/** Nobody may subscribe to it, so Aedes need not keep it: neither as retained nor while a QoS 2 handshake is open. */
function strip(packet: Packet): void {
  packet.payload = NOTHING
  packet.retain = false
}
