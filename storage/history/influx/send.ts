/** Sends lines in requests of a bounded size; what the server refuses is narrowed down to single lines and counted. */
import { type InfluxClient, Refusal } from './client.ts'

export interface SendOptions {
  readonly linesPerRequest: number
  /** Told why, once for every line left out. */
  readonly onRefused: (reason: string) => void
}

/** Resolves when every line is stored or refused; returns how many were refused. Throws HISTORY_UNAVAILABLE. */
export async function sendLines(
  client: InfluxClient,
  lines: readonly string[],
  options: SendOptions,
): Promise<{ refused: number }> {
  let refused = 0
  for (let start = 0; start < lines.length; start += options.linesPerRequest) {
    refused += await sendPart(client, lines.slice(start, start + options.linesPerRequest), options)
  }
  return { refused }
}

async function sendPart(
  client: InfluxClient,
  lines: readonly string[],
  options: SendOptions,
): Promise<number> {
  try {
    await client.write(lines)
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (lines.length === 1 || error.dropped >= lines.length) {
      options.onRefused(error.message)
      return lines.length
    }
    // Servers differ in whether the good lines of a refused request are stored; both halves are sent in any case,
    // which is harmless: the same line again is the same point.
    const middle = Math.ceil(lines.length / 2)
    const first = await sendPart(client, lines.slice(0, middle), options)
    return first + (await sendPart(client, lines.slice(middle), options))
  }
}
