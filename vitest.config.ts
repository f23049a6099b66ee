import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const unit = ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/*.test.ts'];

// Tests of src/ that start other programs as judges or peers (sshd, Ansible, Python, shells, iptables, the built
// program): too slow to run after each change, and skipped with a reason where a program is missing.
const peers = [
  'test/documents.test.ts',
  'test/unit/cli/{main,optimize-late,secrets,shipped}.test.ts',
  'test/unit/inventory/{ansible,match-hosts,python-words}.test.ts',
  'test/unit/jinja/differential*.test.ts',
  'test/unit/{fuzz,law}/*.real.test.ts',
  'test/unit/posix/*.test.ts',
  'test/unit/resources/**/*.real.test.ts',
  'test/unit/resources/compose/{probe,reload}.test.ts',
  'test/unit/resources/{command,directory,file}.test.ts',
  'test/unit/run/{at-once,deploy,drift,roll,silent,undo,unwind,lock/leases,journal/scripts}.test.ts',
  'test/unit/ssh/{bootstrap,connection,known-hosts,load,misbehaving,shortcuts,sudo,transport}.test.ts',
];

const globalSetup = ['test/support/build.ts'];
const setupFiles = ['test/support/fast-check.ts'];
const scenarios = ['test/lab/scenarios/**/*.test.ts'];
const estate = ['test/lab/scenarios/estate.test.ts'];
const lab = { globalSetup, testTimeout: 300_000, hookTimeout: 600_000 };

// Minutes each: a machine that has never run them would begin some of them last, and wait for one alone in the end.
const longest = ['stack', 'faults', 'dry-run', 'compose', 'outgrowing', 'commands'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/scenarios/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // One process for many files: to start one for each took longer than their tests, which leave nothing behind.
      {
        test: {
          name: 'unit',
          setupFiles,
          include: unit,
          exclude: peers,
          isolate: false,
          maxWorkers: 2,
          testTimeout: 30_000,
        },
      },
      { test: { name: 'peers', globalSetup, setupFiles, include: peers, testTimeout: 60_000, maxWorkers: 2 } },
      // Each file has a lab of its own, and most of its time is waiting: three at once are what two cores bear.
      { test: { ...lab, name: 'lab', include: scenarios, exclude: estate, maxWorkers: 3 } },
      // Seconds count here: how long an address is held by nobody says nothing while another lab is at work.
      { test: { ...lab, name: 'estate', include: estate } },
    ],
  },
});
