import { describe, expect, test } from 'vitest'
import { hashPassword, unknownUserHash, verifyPassword } from './passwords.ts'

describe('passwords', () => {
  test('argon2id with the configured cost and a fresh salt', async () => {
    const [one, two] = await Promise.all([hashPassword('secret'), hashPassword('secret')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword('secret', two)).toBe(true)
    expect(await verifyPassword('Secret', two)).toBe(false)
  })

  test('different Unicode forms of the same letters are the same password', async () => {
    const hash = await hashPassword('caf\u00e9 ﬁ')
    expect(await verifyPassword('cafe\u0301 fi', hash)).toBe(true)
  })

  test('verifies a hash of another implementation', async () => {
    // The reference implementation's own vector: argon2 "somesalt" -id -t 2 -k 256 -p 1 -l 32, password "password".
    const reference = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
    expect(await verifyPassword('password', reference)).toBe(true)
  })

  test('the hash for unknown users matches no password and has the same cost', async () => {
    const hash = unknownUserHash()
    expect(hash.slice(0, 30)).toBe((await hashPassword('x')).slice(0, 30))
    expect(await verifyPassword('', hash)).toBe(false)
  })

  test.each([
    '',
    'secret',
    '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  ])('"%s" matches no password', async (hash) => {
    expect(await verifyPassword('password', hash)).toBe(false)
  })
})
