/** Answers the publishes of one connection in the order in which they came (MQTT-4.6.0-2), whatever settles first. */

export type Answer = (error?: Error) => void

export interface Turn {
  /** Stored: answer it as soon as everything before it is answered. */
  pass(): void
  /** Not stored: when its turn comes the connection is dropped, and nothing behind it is answered. */
  fail(error: Error): void
}

export interface AnswerQueue {
  enter(answer: Answer): Turn
  /** The connection is gone: nobody is answered any more. */
  close(): void
  readonly pending: number
}

interface Place extends Turn {
  readonly answer: Answer
  settled: boolean
  error: Error | undefined
}

export function answerQueue(): AnswerQueue {
  const places: Place[] = []
  let closed = false

  function settle(place: Place, error?: Error): void {
    place.settled = true
    place.error = error
    while (places[0]?.settled) {
      const { answer, error: failure } = places.shift() as Place
      if (failure) {
        close()
        answer(failure)
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
      const place: Place = {
        answer,
        settled: false,
        error: undefined,
        pass: () => settle(place),
        fail: (error) => settle(place, error),
      }
      if (!closed) places.push(place)
      return place
    },
    close,
    get pending() {
      return places.length
    },
  }
}
