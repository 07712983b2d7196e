/** Acknowledges the publishes of one connection in order of arrival (MQTT-4.6.0-2), whatever settles first. */
import type { Receipt } from '../model/ports/receipt.ts'

export type Answer = (error?: unknown) => void

/** `stored`: acknowledged once everything before it is; `failed`: the connection is dropped when its turn comes. */
export type PendingAnswer = Receipt

export interface AnswerQueue {
  /** `answer` gets the error of a failed message; nothing behind a failure is answered. */
  enter(answer: Answer): PendingAnswer
  /** The connection is closed: nothing is answered any more. */
  close(): void
  readonly pending: number
}

type Settled = 'stored' | 'failed' | undefined

/** A class, because one is created for every message. */
class QueuedAnswer implements PendingAnswer {
  readonly answer: Answer
  readonly #advance: () => void
  settled: Settled = undefined
  error: unknown = undefined

  constructor(answer: Answer, advance: () => void) {
    this.answer = answer
    this.#advance = advance
  }
  stored(): void {
    this.settled = 'stored'
    this.#advance()
  }
  failed(error: unknown): void {
    this.settled = 'failed'
    this.error = error
    this.#advance()
  }
}

export function answerQueue(): AnswerQueue {
  const places: QueuedAnswer[] = []
  let closed = false

  function advance(): void {
    while (places[0]?.settled) {
      const { answer, settled, error } = places.shift() as QueuedAnswer
      if (settled === 'failed') {
        close()
        answer(error)
        return
      }
      answer()
    }
  }
  function close(): void {
    closed = true
    places.length = 0
  }
  return {
    enter(answer) {
      const place = new QueuedAnswer(answer, advance)
      if (!closed) places.push(place)
      return place
    },
    close,
    get pending() {
      return places.length
    },
  }
}
