/** Settings of the journal file. */
import { z } from 'zod'

export const journalOptions = z.strictObject({
  keepDays: z
    .number()
    .min(3)
    .max(3650)
    .default(30)
    .describe('Days that journal entries are kept after every reader has passed them'),
  maxBytes: z
    .int()
    .min(0)
    .default(0)
    .describe('Largest size of the journal; when reached, devices are no longer acknowledged. 0 = no limit'),
  maxQuarantined: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(10_000)
    .describe('Unreadable messages kept for inspection; the oldest are deleted first'),
})
