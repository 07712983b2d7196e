/** Sends lines in bounded requests; a refused request is split until the refused lines are found and counted. */
import { type InfluxClient, Refusal } from './client.ts'

export interface SendOptions {
  readonly linesPerRequest: number
  /** Called once for every refusal that is not split further. */
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
    refused += await sendBatch(client, lines.slice(start, start + options.linesPerRequest), options)
  }
  return { refused }
}

async function sendBatch(
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
    // Servers differ in whether they store the valid lines of a refused request. Sending both halves is harmless:
    // the same line is the same point.
    const middle = Math.ceil(lines.length / 2)
    const first = await sendBatch(client, lines.slice(0, middle), options)
    return first + (await sendBatch(client, lines.slice(middle), options))
  }
}
