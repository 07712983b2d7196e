/** Requests to the history's thread that are not answered yet, by number. */
import { LinliError } from '../../model/errors.ts'
import type { HistoryPoint } from '../../model/ports/history.ts'

export type Answer = HistoryPoint[] | number

export interface PendingRequests {
  add(): { readonly id: number; readonly answer: Promise<Answer> }
  resolve(id: number, answer: Answer): void
  reject(id: number, error: LinliError): void
  /** Rejects all requests with HISTORY_UNAVAILABLE. */
  failAll(reason: string): void
}

export function createPendingRequests(): PendingRequests {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let lastId = 0

  function remove(id: number): PromiseWithResolvers<Answer> | undefined {
    const request = waiting.get(id)
    waiting.delete(id)
    return request
  }

  return {
    add() {
      const request = Promise.withResolvers<Answer>()
      waiting.set(++lastId, request)
      return { id: lastId, answer: request.promise }
    },
    resolve: (id, answer) => remove(id)?.resolve(answer),
    reject: (id, error) => remove(id)?.reject(error),
    failAll(reason) {
      for (const { reject } of waiting.values()) reject(new LinliError('HISTORY_UNAVAILABLE', reason))
      waiting.clear()
    },
  }
}
