import { deploy } from '../../../src/run/deploy.ts';
import { type Job, type Report, strict } from '../../../src/run/job.ts';
import type { Transport } from '../../../src/run/ports.ts';

let marks = 0;
let runs = 0;

/** One run of a job that asks for no facts, on pretended or local hosts; it is agreed to, or stops at its plan. */
export function runLaw(
  transport: Transport,
  job: Pick<Job, 'targets' | 'witness' | 'kinds' | 'compile' | 'prune' | 'forks'>,
  answer: 'go' | 'stop',
): Promise<Report> {
  const id = String(++runs).padStart(9, '0');
  return deploy(
    {
      ...job,
      run: { id, who: 'law@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
      playbook: 'site.yml',
      become: () => true,
      factProbes: () => [],
      preflight: () => [],
      rolling: strict,
    },
    {
      transport,
      clock: { now: () => 0, sleep: async () => {} },
      ask: async () => ({ status: undefined, error: 'nobody' }),
      mark: () => `mark${String(++marks).padStart(28, '0')}`,
      tell: () => {},
    },
    async () => answer,
    new AbortController().signal,
  );
}
