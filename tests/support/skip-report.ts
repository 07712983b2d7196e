/** After the run: what was skipped and why, so that a green run never hides it. */
import type { Reporter, TestModule } from 'vitest/node'

class SkipReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons = new Set<string>()
    let passed = 0
    let failed = 0
    let skipped = 0
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
        else {
          skipped++
          reasons.add(/\[needs (.+?)\]/.exec(test.fullName)?.[1] ?? test.fullName)
        }
      }
    }
    for (const reason of reasons) console.log(`skipped, needs ${reason}`)
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  }
}

// Vitest loads a reporter by its default export.
// biome-ignore lint/style/noDefaultExport: see above
export default SkipReport
