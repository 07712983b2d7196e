/** Ids and names of the community file from the names in a recording. */

/** Maps originals to valid, unique ids; the same original always gets the same id. */
export function createIds(): (original: string) => string {
  const ids = new Map<string, string>()
  const used = new Set<string>()
  return (original) => {
    const known = ids.get(original)
    if (known !== undefined) return known
    const plain = toId(original)
    let id = plain
    for (let n = 2; used.has(id); n++) id = `${plain.slice(0, 56)}-${n}`
    used.add(id)
    ids.set(original, id)
    return id
  }
}

function toId(original: string): string {
  const id = original
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
  return id || 'x'
}

/** One line of at most 200 characters, never empty. */
export function toName(original: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  const name = original.replace(/[\u0000-\u001f\u007f\s]+/g, ' ').trim()
  return name.slice(0, 200) || '?'
}
