/** The disk is full while the embedded history stores: it waits, says so, and goes on by itself when there is room. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeWith } from '../support/requires.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { expectEveryReadingOnce, fillJournal, startHistory } from './history-process.ts'

const READINGS = 200_000

const prlimit = {
  name: 'prlimit',
  missing: spawnSync('which', ['prlimit']).status === 0 ? undefined : 'prlimit is not installed',
}

/** No file of that process grows over so many bytes from now on; writes beyond fail as on a full disk. */
function limitFiles(pid: number, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
  if (status !== 0) throw new Error(String(stderr))
}

describeWith(prlimit, 'the embedded history on a full disk', () => {
  test.each(['300000', '3000000'])('files up to %s bytes', async (bytes) => {
    const folder = temporaryFolder()
    await fillJournal(folder, READINGS)
    const child = startHistory(folder)
    await child.until('a first write', ({ cursor }) => cursor > 0)
    limitFiles(child.pid, bytes)
    const waiting = await child.until('waiting', ({ state }) => state === 'waiting')
    expect(waiting.behind).toBeGreaterThan(0)
    expect(waiting.reason).toMatch(/could not write|no space|too large/i)
    limitFiles(child.pid, 'unlimited')
    await child.until('everything stored', ({ cursor }) => cursor === READINGS)
    await child.kill()
    await expectEveryReadingOnce(folder, READINGS)
  })
})
