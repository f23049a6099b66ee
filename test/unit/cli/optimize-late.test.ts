import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('has V8 make little fast code in a run that is soon over, and says nothing of it', () => {
  const args = ['--trace-opt', 'bin/hadeploy', 'lint', 'inventory/example'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain('No faults');
  expect(stdout.match(/completed optimizing/g)?.length ?? 0).toBeLessThan(20);
  expect(stderr).not.toContain('flag');
});
