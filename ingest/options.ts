/** Settings of ingest. */
import { z } from 'zod'

export const ingestOptions = z.strictObject({
  duplicateWindow: z
    .int()
    .min(64)
    .max(65_536)
    .default(512)
    .describe('Newest messages of each device remembered for duplicate detection'),
  warmEntries: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(100_000)
    .describe('Newest journal entries read at start, so that duplicates are detected across a restart'),
})

export type IngestOptions = z.infer<typeof ingestOptions>
