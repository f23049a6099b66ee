import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Outcome } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';
import { keepArtefacts } from './artefacts.ts';
import { copyInventory } from './inventory-copy.ts';
import { type Running, startProgram } from './program.ts';

/** A lab of its own with a copy of the inventory of two servers, and the real program run on it. */
export interface Scenario {
  readonly lab: Lab;
  /** Working folder of the program; `inventory/` in it is the copy, which tests may change. */
  readonly folder: string;
  addressOf(host: string): string;
  /** Runs the program to its end. */
  hadeploy(...args: readonly string[]): Promise<Outcome>;
  /** Starts the program and lets it run. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** What a root shell on the host's console prints, trimmed; throws when the script fails. */
  on(host: string, script: string): Promise<string>;
}

/**
 * Sets the stage for all tests of a `describe`: brings up a new lab, and takes it down after. When
 * a test fails, what the program said and the hosts' logs are kept and their place is printed.
 */
export function scenario(name: string, options: { readonly hosts: number; readonly bare?: boolean }): Scenario {
  const stage: { lab?: Lab; folder?: string } = {};
  let runs: Running[] = [];

  beforeAll(async () => {
    // What a killed test run left is no fresh host.
    await down(name);
    stage.lab = await up({ name, ...options });
    stage.folder = mkdtempSync(join(tmpdir(), `hadeploy-${name}-`));
    copyInventory(stage.lab, join(stage.folder, 'inventory'));
  });
  beforeEach(({ task, onTestFailed }) => {
    runs = [];
    onTestFailed(() => keepArtefacts(self.lab, task.name, runs));
  });
  afterAll(async () => {
    await down(name);
    if (stage.folder !== undefined) rmSync(stage.folder, { recursive: true, force: true });
  });

  const self: Scenario = {
    get lab() {
      return stage.lab!;
    },
    get folder() {
      return stage.folder!;
    },
    addressOf: (host) => self.lab.hosts.find((one) => one.name === host)!.address,
    hadeploy: (...args) => self.start(args).ended,
    start(args, environment) {
      const run = startProgram(args, self.folder, environment);
      runs.push(run);
      return run;
    },
    async on(host, script) {
      const { code, stdout, stderr } = await self.lab.exec(host, script, { timeout: 60_000 });
      if (code !== 0) throw new Error(`On ${host} this failed with code ${code}:\n${script}\n${stdout}${stderr}`);
      return stdout.trim();
    },
  };
  return self;
}
