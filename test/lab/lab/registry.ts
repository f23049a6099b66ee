import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Images } from './images.ts';
import { LabError } from './lab-error.ts';
import { labDir } from './paths.ts';
import { findProcesses, kill } from './processes.ts';

const configPath = (lab: string): string => join(labDir(lab), 'registry.yml');

const registryProcesses = (lab: string) =>
  findProcesses((args) => args[0]?.endsWith('/docker-registry') === true && args.includes(configPath(lab)));

/** Serves the images at this address and port for as long as the lab is up; one that serves already is kept. */
export async function ensureRegistry(lab: string, address: string, images: Images): Promise<void> {
  if (registryProcesses(lab).length > 0 && (await answers(address))) return;
  await stopRegistry(lab);
  writeFileSync(configPath(lab), config(address, images.store));
  mkdirSync(join(labDir(lab), 'logs'), { recursive: true });
  const log = openSync(join(labDir(lab), 'logs/registry.log'), 'a');
  spawn(images.program, ['serve', configPath(lab)], { detached: true, stdio: ['ignore', log, log] }).unref();
  closeSync(log);
  for (let tries = 0; !(await answers(address)); tries++) {
    if (tries === 200)
      throw new LabError(`The registry at ${address} did not start; see ${labDir(lab)}/logs/registry.log.`);
    await sleep(25);
  }
}

/** Ends the lab's registry. */
export async function stopRegistry(lab: string): Promise<void> {
  for (const found of registryProcesses(lab)) await kill(found.pid);
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

// Read-only, because all labs serve the one store.
const config = (address: string, store: string): string => `version: 0.1
log:
  level: warn
storage:
  filesystem:
    rootdirectory: ${store}
  maintenance:
    readonly:
      enabled: true
http:
  addr: ${address}
`;
