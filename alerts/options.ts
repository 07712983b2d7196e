/** Settings of the alerts room. */
import { z } from 'zod'

const minutes = z
  .number()
  .positive()
  .max(30 * 24 * 60)

export const alertOptions = z.strictObject({
  /**
   * Minutes after which an acknowledgement lapses while the condition is active, so that acknowledged never means
   * forgotten. Welfare 10 min, high 1 h, others 4 h are what the field uses; critical 30 min is the time in which a
   * lift's rescuers must have arrived.
   */
  acknowledgementMinutes: z
    .strictObject({
      welfare: minutes
        .default(10)
        .describe('Minutes after which the acknowledgement of an active welfare alert lapses'),
      critical: minutes.default(30).describe('The same for critical alerts'),
      high: minutes.default(60).describe('The same for high alerts'),
      other: minutes.default(240).describe('The same for all others'),
    })
    .prefault({}),
  /**
   * Seconds for which alerts stay under a cause that has cleared: its consequences take a moment to recover (lamps start,
   * devices reconnect) and must not be announced one by one. An alert that is active afterwards is released.
   */
  releaseGraceSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(60)
    .describe('Seconds for which alerts stay under a cause that has cleared'),
  /** Longest time for which an alert may be shelved, days. */
  maxShelveDays: z
    .number()
    .positive()
    .max(30)
    .default(7)
    .describe('Longest time an alert may be shelved, in days'),
})

export type AlertOptions = z.output<typeof alertOptions>
