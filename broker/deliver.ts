/** The hook that holds the acknowledgement back until a message is stored (docs/decisions, broker). */
import type { AedesOptions } from 'aedes'
import { type Refusals, RefusedError } from './refusals.ts'
import { publishRefusal, type Session } from './session.ts'

export interface PublishedMessage {
  /** Bound to the login. */
  readonly device: string
  readonly topic: string
  readonly payload: Buffer
  readonly retain: boolean
  readonly qos: 0 | 1 | 2
}

type Hook = NonNullable<AedesOptions['authorizePublish']>
type Packet = Parameters<Hook>[1]
type Done = Parameters<Hook>[2]

export interface DeliverDeps {
  readonly deliver: (message: PublishedMessage) => Promise<unknown>
  readonly refusals: Refusals
  readonly sessionOf: (client: NonNullable<Parameters<Hook>[0]>) => Session | undefined
  /** Called when a message is answered or will never be. */
  readonly onAnswered: (client: NonNullable<Parameters<Hook>[0]>) => void
  /** False for a will that says nothing: the device is there by a newer connection, or the hub itself is stopping. */
  readonly wantsWill: (session: Session) => boolean
}

const NOTHING = Buffer.alloc(0)

/**
 * Aedes acknowledges QoS 1 before it publishes; `authorizePublish` is the one step before that (tests/contracts pins
 * it). It runs for QoS 0 and 2 and for wills too. Nothing may be thrown here: it would end the process.
 */
export function deliverHook(deps: DeliverDeps): Hook {
  const { refusals } = deps

  function accept(session: Session, packet: Packet, done: Done, onAnswered: () => void): void {
    const turn = session.answers.enter((error) => {
      if (!error) strip(packet)
      done(error)
      onAnswered()
    })
    deps.deliver(messageOf(session, packet)).then(turn.pass, (error: unknown) => {
      refusals.notStored(session.device, error)
      turn.fail(new RefusedError('not-stored'))
    })
  }

  function acceptWill(session: Session, packet: Packet, done: Done): void {
    if (!deps.wantsWill(session)) {
      done(new RefusedError('will-not-wanted'))
      return
    }
    // The connection is gone and with it the queue of its answers; nobody waits for this one.
    deps.deliver(messageOf(session, packet)).then(
      () => done(new RefusedError('will-stored')),
      (error: unknown) => {
        refusals.notStored(session.device, error)
        done(new RefusedError('not-stored'))
      },
    )
  }

  return (client, packet, done) => {
    try {
      const session = client ? deps.sessionOf(client) : undefined
      if (!client || !session) return done(new RefusedError('nobody'))
      const refusal = publishRefusal(session, packet)
      if (refusal) {
        refusals.message(session.device, packet.topic, refusal)
        return done(new RefusedError(refusal))
      }
      if (isWill(packet)) return acceptWill(session, packet, done)
      accept(session, packet, done, () => deps.onAnswered(client))
    } catch (error) {
      refusals.notStored('', error)
      done(new RefusedError('not-stored'))
    }
  }
}

/** Aedes hands a will over as it was in the CONNECT, without a command of its own. */
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
