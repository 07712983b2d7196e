/** Runs a command once per idempotency key; a repeat gets the first answer. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../../model/clock.ts'
import { LinliError } from '../../../model/errors.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'

export interface IdempotentRequest {
  /** The `Idempotency-Key` as sent; keys are separate per user. */
  readonly key: string
  readonly login: string
  /** Identifies the command (method, path, body); reusing the key for another one is refused. */
  readonly command: string
}

/** Long, because a crew's phone may send its outbox days later. */
export const ANSWER_RETENTION_MS = 7 * 24 * 3_600_000

/** `asked`: hash of the command. The name is in stored rows. */
const storedSchema = z.object({ asked: z.string(), answer: z.string() })
type Stored = z.output<typeof storedSchema>

/**
 * Returns the answer as JSON text. Only successes are stored: a refused command changed nothing, so a retry under the
 * same key runs again. Throws CONFLICT when the key was used for another command.
 */
export type RunOnce = (request: IdempotentRequest, work: () => Promise<unknown>) => Promise<string>

export function createRunOnce(deps: {
  readonly records: Pick<Records, 'idempotency'>
  readonly clock: Clock
  readonly logger: Logger
}): RunOnce {
  const { idempotency } = deps.records
  const running = new Map<string, Promise<Stored>>()

  const perform = async (key: string, asked: string, work: () => Promise<unknown>): Promise<Stored> => {
    const before = await idempotency.get(key)
    if (before !== undefined) return storedSchema.parse(JSON.parse(before))
    const done = { asked, answer: JSON.stringify(await work()) }
    // The command has succeeded, so a failed write must not turn its answer into an error.
    await idempotency.put(key, JSON.stringify(done), deps.clock.now()).catch((err: unknown) => {
      deps.logger.error({ err }, 'answer of a command could not be stored; a repeat will run again')
    })
    return done
  }

  return async (request, work) => {
    const key = hash(`${request.login}\0${request.key}`)
    const asked = hash(request.command)
    let promise = running.get(key)
    if (!promise) {
      promise = perform(key, asked, work).finally(() => running.delete(key))
      running.set(key, promise)
    }
    const done = await promise
    if (done.asked === asked) return done.answer
    throw new LinliError('CONFLICT', 'this Idempotency-Key was used for another command')
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
