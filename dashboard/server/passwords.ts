/** Password hashes: argon2id (node:crypto) as PHC strings. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32
/** Refuses stored hashes with a higher cost: we never write them. */
const MAX_MEMORY_KIB = 262_144
const MAX_PASSES = 16

const derive = promisify(argon2)

interface Parsed {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tag: Buffer
}

/** Hashes a password into a PHC string; NFKC-normalised, so that it does not depend on the keyboard. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    tagLength: TAG_BYTES,
    ...cost,
  })
  return formatPhc(salt, tag)
}

/** True when the password matches; false also when `phc` is not an argon2id hash. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parsed = parsePhc(phc)
  if (!parsed) return false
  const { salt, tag, ...parameters } = parsed
  const found = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    tagLength: tag.length,
    ...parameters,
  })
  return timingSafeEqual(found, tag)
}

/** A hash without a known password; verifying against it takes as long as against a real one. */
export function unknownUserHash(): string {
  return formatPhc(randomBytes(SALT_BYTES), randomBytes(TAG_BYTES))
}

function formatPhc(salt: Buffer, tag: Buffer): string {
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

function parsePhc(phc: string): Parsed | undefined {
  const match =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/.exec(
      phc,
    )
  if (!match) return undefined
  const [, memory, passes, parallelism, salt, tag] = match as unknown as [string, ...string[]]
  const parsed = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt ?? '', 'base64'),
    tag: Buffer.from(tag ?? '', 'base64'),
  }
  const sane = parsed.memory <= MAX_MEMORY_KIB && parsed.passes <= MAX_PASSES && parsed.passes >= 1
  return sane && parsed.parallelism >= 1 && parsed.memory >= 8 * parsed.parallelism ? parsed : undefined
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
