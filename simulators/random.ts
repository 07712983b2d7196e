/** Seeded random numbers, so that a simulation and its plan are reproducible. */

export interface Random {
  /** 0 <= x < 1. */
  next(): number
  between(low: number, high: number): number
  /** Whole number, both ends included. */
  int(low: number, high: number): number
  chance(probability: number): boolean
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T
  /** Exponentially distributed with this mean, same unit; at most ten times the mean. */
  exponential(mean: number): number
}

/** The same seed gives the same numbers on every machine (sfc32, seeded by a hash of the text). */
export function createRandom(seed: string): Random {
  const next = generator(seed)
  const between = (low: number, high: number) => low + next() * (high - low)
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    int,
    chance: (probability) => next() < probability,
    pick(list) {
      const one = list[int(0, list.length - 1)]
      if (one === undefined) throw new RangeError('cannot pick from an empty list')
      return one
    },
    exponential: (mean) => Math.min(10, -Math.log(1 - next())) * mean,
  }
}

/** 32-bit hash of a text (FNV-1a with a final mix). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

function generator(seed: string): () => number {
  let a = hash32(seed)
  let b = hash32(`${seed}b`)
  let c = hash32(`${seed}c`)
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** Rounds to `decimals`, because sensors do not send fifteen digits. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
