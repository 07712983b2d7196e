/** Answers the publishes of one connection in the order in which they came (MQTT-4.6.0-2), whatever settles first. */

import type { Receipt } from '../model/ports/receipt.ts'

export type Answer = (error?: unknown) => void

/** `stored`: answered as soon as everything before it is; `failed`: when its turn comes the connection is dropped. */
export type Turn = Receipt

export interface AnswerQueue {
  /** The answer is called with the error of a failed one, and nothing behind that is answered. */
  enter(answer: Answer): Turn
  /** The connection is gone: nobody is answered any more. */
  close(): void
  readonly pending: number
}

type Settled = 'stored' | 'failed' | undefined

/** A class, because there is one a message. */
class Place implements Turn {
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
  const places: Place[] = []
  let closed = false

  function advance(): void {
    while (places[0]?.settled) {
      const { answer, settled, error } = places.shift() as Place
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
      const place = new Place(answer, advance)
      if (!closed) places.push(place)
      return place
    },
    close,
    get pending() {
      return places.length
    },
  }
}
