/** Logging as rooms see it: structured fields first, then words (pino's shape). Never personal data or secrets. */

type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void

export interface Logger {
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
}

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
