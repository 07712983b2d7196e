/** A command with the same idempotency key is done once; everybody who repeats it gets the first answer. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../../model/clock.ts'
import { LinliError } from '../../../model/errors.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'

export interface OnceRequest {
  /** The `Idempotency-Key` as sent; keys of different people never meet. */
  readonly key: string
  readonly login: string
  /** What is asked (method, path, body); the same key for something else is refused. */
  readonly asked: string
}

/** Answers are kept so long because a crew's phone may send its outbox days later. */
export const ANSWERS_KEPT_MS = 7 * 24 * 3_600_000

const stored = z.object({ asked: z.string(), answer: z.string() })
type Stored = z.output<typeof stored>

/**
 * Returns the answer as JSON text. Only successes are kept: a command that was refused changed nothing, so trying it
 * again under the same key is a new try. Throws CONFLICT when the key was used for something else.
 */
export type Once = (request: OnceRequest, work: () => Promise<unknown>) => Promise<string>

export function createOnce(deps: {
  readonly records: Pick<Records, 'idempotency'>
  readonly clock: Clock
  readonly logger: Logger
}): Once {
  const { idempotency } = deps.records
  const underWay = new Map<string, Promise<Stored>>()

  const perform = async (key: string, asked: string, work: () => Promise<unknown>): Promise<Stored> => {
    const before = await idempotency.get(key)
    if (before !== undefined) return stored.parse(JSON.parse(before))
    const done = { asked, answer: JSON.stringify(await work()) }
    // The command is done whatever happens to this row, so its answer must not become an error.
    await idempotency.put(key, JSON.stringify(done), deps.clock.now()).catch((err: unknown) => {
      deps.logger.error({ err }, 'answer of a command could not be kept; a repeat will be judged anew')
    })
    return done
  }

  return async (request, work) => {
    const key = hash(`${request.login}\0${request.key}`)
    const asked = hash(request.asked)
    let promise = underWay.get(key)
    if (!promise) {
      promise = perform(key, asked, work).finally(() => underWay.delete(key))
      underWay.set(key, promise)
    }
    const done = await promise
    if (done.asked === asked) return done.answer
    throw new LinliError('CONFLICT', 'this Idempotency-Key was used for another command')
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
