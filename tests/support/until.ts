/** Waiting at real edges: looks again and again until it is so, or says what it was waiting for. */

/** Resolves with the first truthy answer of `look`; rejects after `ms`. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  ms = 15_000,
): Promise<Exclude<T, false | undefined | null | 0>> {
  const deadline = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found) return found as Exclude<T, false | undefined | null | 0>
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
