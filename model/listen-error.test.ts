import { describe, expect, test } from 'vitest'
import { listenError } from './listen-error.ts'

const failure = (code: string) => Object.assign(new Error(`listen ${code}`), { code })
const target = { host: '127.0.0.1', port: 8080, setting: 'dashboard.port', option: '--port' }

describe('listenError', () => {
  test('a busy port: names the port and every way to choose another one', () => {
    expect(listenError(target, failure('EADDRINUSE'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'port 8080 on 127.0.0.1 is in use by another program; choose another port with --port <port>, the setting dashboard.port, the variable LINLI_DASHBOARD_PORT',
    })
  })

  test('a setting without an option of the command line', () => {
    const tls = { host: '0.0.0.0', port: 8883, setting: 'broker.tls.port' }
    expect(listenError(tls, failure('EACCES')).message).toBe(
      'port 8883 on 0.0.0.0 may not be opened by this user; choose another port with the setting broker.tls.port, the variable LINLI_BROKER_TLS_PORT',
    )
  })

  test('an address of another machine is not about the port', () => {
    expect(listenError({ ...target, host: '192.0.2.1' }, failure('EADDRNOTAVAIL')).message).toBe(
      '192.0.2.1 is not an address of this machine',
    )
  })

  test('any other failure is quoted', () => {
    const error = listenError(target, new Error('no sockets left'))
    expect(error.message).toMatch(/^cannot listen on port 8080 of 127\.0\.0\.1: no sockets left; choose/)
    expect(error.cause).toBeInstanceOf(Error)
  })
})
