/** The recorded log: one format for replay, backtest and fixtures (DESIGN 4.2). JSON Lines. */

export interface RecordedMessage {
  /** ISO 8601; when the hub received it. */
  readonly receivedAt: string
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
}

export function formatRecorded(message: RecordedMessage): string {
  return JSON.stringify({ receivedAt: message.receivedAt, topic: message.topic, payload: message.payload })
}

/** One line to a message, or what is wrong with it. Blank lines are the caller's to skip. */
export function parseRecorded(line: string): RecordedMessage | { readonly fault: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { fault: 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'not an object' }
  const { receivedAt, topic, payload } = value as Record<string, unknown>
  if (typeof receivedAt !== 'string' || Number.isNaN(Date.parse(receivedAt)))
    return { fault: 'receivedAt is not an ISO 8601 time' }
  if (typeof topic !== 'string') return { fault: 'topic is not a text' }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return { fault: 'payload is not an object' }
  return { receivedAt, topic, payload: payload as Record<string, unknown> }
}
