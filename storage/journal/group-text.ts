/**
 * The lines of one group as bytes, in the form in which they go to disk. Each line is written as it comes, so that it can
 * be forgotten at once: kept until the group goes to disk, the lines would be copied by the collection of garbage.
 */
const FIRST_CAPACITY = 1024

export class GroupText {
  #bytes: Buffer<ArrayBuffer>
  #used: number = 0

  /** `expected` bytes; more of them cost a copy. */
  constructor(expected: number = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(expected, FIRST_CAPACITY))
  }

  get size(): number {
    return this.#used
  }

  /** JSON escapes every line break inside a line, so one line break stands between two. */
  add(line: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(3 * line.length + 1)
    if (this.#used > 0) this.#bytes[this.#used++] = 0x0a
    this.#used += this.#bytes.write(line, this.#used)
  }

  /** The text; it owns its memory, so it may be handed to another thread. */
  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer, 0, this.#used)
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + more)
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }
}
