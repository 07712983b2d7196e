import { defineConfig } from 'vitest/config'

const away = ['node_modules/**', 'dist/**', 'data/**']
const slow = ['tests/acceptance/**', 'tests/faults/**', 'tests/browser/**']

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/skip-report.ts'],
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...away, ...slow],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'whole',
          include: ['tests/{acceptance,faults,browser}/**/*.test.ts'],
          exclude: away,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
