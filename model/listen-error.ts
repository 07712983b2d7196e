/** The error of a listening socket that cannot be opened: which port, which setting, how to choose another one. */
import { LinliError } from './errors.ts'

export interface ListenTarget {
  readonly host: string
  readonly port: number
  /** Path of the port's setting, e.g. `dashboard.port`. */
  readonly setting: string
  /** Option of `start` and `demo` that sets the port, e.g. `--port`; absent = none. */
  readonly option?: string
}

/** CONFIG_INVALID, with the system's error as its cause. */
export function listenError({ host, port, setting, option }: ListenTarget, cause: unknown): LinliError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const variable =
    `LINLI_${setting.replaceAll('.', '_').replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase()
  const choices = [
    ...(option ? [`${option} <port>`] : []),
    `the setting ${setting}`,
    `the variable ${variable}`,
  ]
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is in use by another program`,
    EACCES: `port ${port} on ${host} may not be opened by this user`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
  }
  const reason =
    reasons[String(code)] ??
    `cannot listen on port ${port} of ${host}: ${cause instanceof Error ? cause.message : String(cause)}`
  const advice = code === 'EADDRNOTAVAIL' ? '' : `; choose another port with ${choices.join(', ')}`
  return new LinliError('CONFIG_INVALID', reason + advice, { cause })
}
