/** Questions to the history's thread that wait for their answers, by number. */
import { LinliError } from '../../model/errors.ts'
import type { HistoryPoint } from '../../model/ports/history.ts'

export type Answer = HistoryPoint[] | number

export interface Questions {
  add(): { readonly id: number; readonly answer: Promise<Answer> }
  resolve(id: number, answer: Answer): void
  reject(id: number, error: LinliError): void
  /** No answer will come. */
  failAll(reason: string): void
}

export function createQuestions(): Questions {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let lastId = 0

  function take(id: number): PromiseWithResolvers<Answer> | undefined {
    const question = waiting.get(id)
    waiting.delete(id)
    return question
  }

  return {
    add() {
      const question = Promise.withResolvers<Answer>()
      waiting.set(++lastId, question)
      return { id: lastId, answer: question.promise }
    },
    resolve: (id, answer) => take(id)?.resolve(answer),
    reject: (id, error) => take(id)?.reject(error),
    failAll(reason) {
      for (const { reject } of waiting.values()) reject(new LinliError('HISTORY_UNAVAILABLE', reason))
      waiting.clear()
    },
  }
}
