import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup: ['test/support/build.ts'],
          include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      {
        test: {
          name: 'lab',
          globalSetup: ['test/support/build.ts'],
          include: ['test/lab/scenarios/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
