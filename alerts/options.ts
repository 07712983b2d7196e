/** Settings of the alerts room. */
import { z } from 'zod'

const minutes = z
  .number()
  .positive()
  .max(30 * 24 * 60)

export const alertOptions = z.strictObject({
  /**
   * After how many minutes an acknowledgement lapses while the condition still holds, so that acknowledged never means
   * forgotten. Welfare 10 min, high 1 h, others 4 h are what the field uses; critical 30 min is the time in which a
   * lift's rescuers must have arrived.
   */
  acknowledgementMinutes: z
    .strictObject({
      welfare: minutes
        .default(10)
        .describe(
          'An acknowledgement of a welfare alert lapses after so many minutes while the condition holds',
        ),
      critical: minutes.default(30).describe('The same for critical alerts'),
      high: minutes.default(60).describe('The same for high alerts'),
      other: minutes.default(240).describe('The same for all others'),
    })
    .prefault({}),
  /**
   * Seconds for which alerts stay under a cause that has cleared: what it held needs a moment to come back (lamps start,
   * devices reconnect), and must not be announced one by one meanwhile. What is still active then is released.
   */
  releaseGraceSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(60)
    .describe(
      'Seconds for which alerts stay under a cause that has cleared, before they stand for themselves',
    ),
  /** Longest time for which an alert may be put aside, in days. */
  maxShelveDays: z
    .number()
    .positive()
    .max(30)
    .default(7)
    .describe('Longest time an alert may be put aside, in days'),
})

export type AlertOptions = z.output<typeof alertOptions>
