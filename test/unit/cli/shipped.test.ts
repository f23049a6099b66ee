import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A package that was put elsewhere after it was built, with a link to its program as npm makes one. */
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hadeploy-shipped-')));
  for (const path of ['bin', 'dist/hadeploy', 'playbooks', 'package.json']) {
    cpSync(path, join(folder, 'package', path), { recursive: true });
  }
  cpSync('inventory/example', join(folder, 'example'), { recursive: true });
  symlinkSync('package/bin/hadeploy', join(folder, 'hadeploy'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint() {
  return spawnSync(join(folder, 'hadeploy'), ['lint', 'example'], { cwd: folder, encoding: 'utf8' });
}

describe('a package that was moved', () => {
  it('works with the playbooks that were read by the build', () => {
    const { status, stdout, stderr } = lint();
    expect(stdout, stderr).toContain('No faults');
    expect(status).toBe(0);
  });

  it('reads a playbook that was edited since', () => {
    appendFileSync(join(folder, 'package/playbooks/roles/vip/handlers/main.yml'), '\n- services: {}\n');
    const { status, stderr } = lint();
    expect(stderr).toMatch(/^error unknown-kind .*\n +package\/playbooks\/roles\/vip\/handlers\/main\.yml:\d+:3\n/m);
    expect(status).toBe(3);
  });
});
