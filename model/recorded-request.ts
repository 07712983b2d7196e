/** Recorded residents' requests: what people reported, with no device behind it. JSON Lines behind a header line. */
import { z } from 'zod'
import { idPattern } from './topics.ts'

const time = z.iso.datetime()
const id = z.string().regex(idPattern)

/** The first line of the file; it distinguishes the file from a log of device messages. */
export const requestLogHeader = { format: 'linli-requests', version: 1 } as const

export const recordedRequest = z.strictObject({
  /** The number the city gave it. */
  id: z.string().min(1),
  openedAt: time,
  /** Until when it should be settled; null = nothing promised. */
  targetAt: time.nullable(),
  /** null = still open at the end of the recording. */
  closedAt: time.nullable(),
  /** As the city writes it, e.g. `Street Light Outages`. */
  type: z.string(),
  /** What it is about, when a type of device; null = something else. */
  deviceType: id.nullable(),
  site: id,
  grid: id.nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  /** How it was reported. */
  channel: z.string(),
  crew: id.nullable(),
  state: z.enum(['open', 'closed']),
  /** The city's assessment; null = none. */
  onTime: z.boolean().nullable(),
  /** How it was settled, e.g. `Duplicate of Existing Case`; null = unknown. */
  outcome: z.string().nullable(),
})

export type RecordedRequest = z.infer<typeof recordedRequest>

/** One line to a request, or what is wrong with it. The header is the caller's to check and skip. */
export function parseRequest(line: string): RecordedRequest | { readonly fault: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { fault: 'not JSON' }
  }
  const checked = recordedRequest.safeParse(value)
  return checked.success ? checked.data : { fault: z.prettifyError(checked.error) }
}
