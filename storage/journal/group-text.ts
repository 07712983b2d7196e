/**
 * The lines of one group as the bytes that are written to disk. Lines are encoded at once: strings that live until the
 * commit would be copied by the garbage collector.
 */
const FIRST_CAPACITY = 1024

export class GroupText {
  #bytes: Buffer<ArrayBuffer>
  #used: number = 0

  /** `expected` bytes; growing beyond costs a copy. */
  constructor(expected: number = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(expected, FIRST_CAPACITY))
  }

  get size(): number {
    return this.#used
  }

  /** Lines are separated by line breaks; JSON escapes those inside a line. */
  add(line: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(3 * line.length + 1)
    if (this.#used > 0) this.#bytes[this.#used++] = 0x0a
    this.#used += this.#bytes.write(line, this.#used)
  }

  /** The text, in memory of its own, so that it can be transferred to another thread. */
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
