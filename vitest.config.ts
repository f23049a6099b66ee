import { defineConfig } from 'vitest/config';

const unit = ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/*.test.ts'];

// Tests of src/ that start other programs as judges or peers (sshd, Ansible, Python, shells, iptables, the built
// program): too slow to run after each change, and skipped with a reason where a program is missing.
const peers = [
  'test/documents.test.ts',
  'test/unit/cli/main.test.ts',
  'test/unit/inventory/{ansible,match-hosts,python-words}.test.ts',
  'test/unit/jinja/differential*.test.ts',
  'test/unit/posix/*.test.ts',
  'test/unit/resources/**/*.real.test.ts',
  'test/unit/resources/compose/{probe,reload}.test.ts',
  'test/unit/resources/{command,directory,file}.test.ts',
  'test/unit/run/deploy.test.ts',
  'test/unit/ssh/{bootstrap,connection,known-hosts,misbehaving,sudo,transport}.test.ts',
];

const globalSetup = ['test/support/build.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: unit, exclude: peers, testTimeout: 30_000 } },
      { test: { name: 'peers', globalSetup, include: peers, testTimeout: 60_000 } },
      {
        test: {
          name: 'lab',
          globalSetup,
          include: ['test/lab/scenarios/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
