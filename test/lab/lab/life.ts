import { existsSync, readdirSync, rmSync } from 'node:fs';
import { labUnavailable } from './availability.ts';
import { type BaseImage, ensureBaseImage } from './base-image.ts';
import { must } from './command.ts';
import { bootHost, hostInit, type LabHost, registryAddress, untilReady } from './host.ts';
import { hostDisk, wipeDisk } from './host-disk.ts';
import { ensureImages, type Images } from './images.ts';
import { ensureKeys } from './keys.ts';
import { type Lab, labOf } from './lab.ts';
import { LabError } from './lab-error.ts';
import { raiseLimits } from './limits.ts';
import { withLock } from './lock.ts';
import { cutPower, livingMachines } from './machine.ts';
import { unmountBelow } from './mounts.ts';
import { machineName } from './names.ts';
import { createNetwork, networkExists, removeNetwork, setBridged, setPlug } from './network.ts';
import { labDir } from './paths.ts';
import { ensureRegistry, stopRegistry } from './registry.ts';
import { checkLabName, type LabState, labNames, readState, writeState } from './state.ts';
import { allotSubnet, defaultLab, hostPlan, subnetsIn } from './subnet.ts';
import { ensureTools } from './tools.ts';

/** What the caller wants up; what is left out is as it was, or "lab", three hosts, prepared. */
export type UpOptions = {
  readonly name?: string | undefined;
  readonly hosts?: number | undefined;
  readonly bare?: boolean | undefined;
  /** Gives each host a disk of this many MiB, which can be filled; only when the lab is made. */
  readonly diskMb?: number | undefined;
  /** Takes a line on each thing that takes long. */
  readonly say?: ((line: string) => void) | undefined;
};

type Say = (line: string) => void;
const silent: Say = () => {};

/** Brings a lab up, whatever was there: makes what is missing, boots what is off, clears what a killed lab left. */
export async function up(options: UpOptions = {}): Promise<Lab> {
  const name = options.name ?? defaultLab;
  const say = options.say ?? silent;
  assertPossible(name);
  const made = await makeParts(say);
  return withLock(`lab-${name}`, async () => bringUp(await settle(name, options), made, say));
}

/** Gives every host of a lab a new disk and boots it; names, addresses and keys stay. */
export async function reset(name = defaultLab, say: Say = silent): Promise<Lab> {
  assertPossible(name);
  const made = await makeParts(say);
  return withLock(`lab-${name}`, async () => {
    const state = existing(name);
    await Promise.all(state.hosts.map((host) => removeHost(state.name, host.name)));
    return bringUp(state, made, say);
  });
}

/** The handle on a lab that was brought up before, without touching it. */
export async function attach(name = defaultLab): Promise<Lab> {
  assertPossible(name);
  const made = await makeParts(silent);
  return labOf(existing(name), made.image, made.images.tags);
}

/** Takes a lab down and leaves nothing of it: processes, mounts, namespaces, links, cgroups, folder. */
export async function down(name = defaultLab): Promise<void> {
  assertPossible(name);
  await withLock(`lab-${name}`, async () => {
    await removeStrays(name, []);
    const state = readState(name);
    await Promise.all((state?.hosts ?? []).map((host) => cutPower(machineName(name, host.name))));
    await stopRegistry(name);
    await removeNetwork(name, state?.subnet);
    await unmountBelow(labDir(name));
    rmSync(labDir(name), { recursive: true, force: true });
  });
}

type Parts = { readonly image: BaseImage; readonly images: Images };

async function makeParts(say: Say): Promise<Parts> {
  await ensureTools(say);
  const [image, images] = await Promise.allSettled([ensureBaseImage(say), ensureImages(say)]);
  if (image.status === 'rejected') throw image.reason;
  if (images.status === 'rejected') throw images.reason;
  return { image: image.value, images: images.value };
}

/** Decides what the lab is to be, and records it before anything is made. */
async function settle(name: string, options: UpOptions): Promise<LabState> {
  return withLock('subnets', async () => {
    const before = readState(name);
    if (before !== undefined && options.bare !== undefined && options.bare !== before.bare) {
      const is = before.bare ? 'bare' : 'prepared';
      throw new LabError(`Lab ${name} has ${is} hosts. Take it down first: \`npm run lab -- down --name ${name}\`.`, 3);
    }
    const subnet = before?.subnet ?? allotSubnet(name, await takenSubnets());
    const hosts = hostPlan(subnet, options.hosts ?? before?.hosts.length ?? 3);
    const diskMb = before === undefined ? options.diskMb : before.diskMb;
    const bare = before?.bare ?? options.bare ?? false;
    const state: LabState = { version: 1, name, subnet, bare, hosts, ...(diskMb !== undefined && { diskMb }) };
    writeState(state);
    return state;
  });
}

async function takenSubnets(): Promise<ReadonlySet<number>> {
  const recorded = labNames().map((name) => readState(name)?.subnet);
  const seen = subnetsIn(await must('ip', ['-json', 'address'])).values();
  return new Set([...seen, ...recorded.filter((subnet) => subnet !== undefined)]);
}

async function bringUp(state: LabState, made: Parts, say: Say): Promise<Lab> {
  const wanted = state.hosts.map((host) => host.name);
  await removeStrays(state.name, wanted);
  if (!networkExists(state.name, state.subnet)) {
    await removeStrays(state.name, []);
    await removeNetwork(state.name, state.subnet);
    await createNetwork(state.name, state.subnet);
  }
  raiseLimits();
  await ensureKeys(state.name, state.hosts);
  await ensureRegistry(state.name, registryAddress(state), made.images);
  const off = state.hosts.filter((host) => hostInit(state, host) === undefined);
  if (off.length > 0) say(`Booting ${off.map((host) => host.name).join(', ')}`);
  await Promise.all(state.hosts.map((host) => ensureRunning(state, host, made.image)));
  return labOf(state, made.image, made.images.tags);
}

async function ensureRunning(state: LabState, host: LabHost, image: BaseImage): Promise<void> {
  if (hostInit(state, host) === undefined) return bootHost(state, host, image);
  await setBridged(state.name, host.name, true);
  await setPlug(state.name, host.name, 'up');
  await untilReady(state, host);
}

/** Ends machines and removes disks of hosts that the lab is not to have. */
async function removeStrays(lab: string, wanted: readonly string[]): Promise<void> {
  const suffix = machineName(lab, '');
  const running = livingMachines().filter((machine) => machine.endsWith(suffix));
  const onDisk = existsSync(`${labDir(lab)}/hosts`) ? readdirSync(`${labDir(lab)}/hosts`) : [];
  const strays = new Set(
    [...running.map((machine) => machine.slice(0, -suffix.length)), ...onDisk].filter((host) => !wanted.includes(host)),
  );
  await Promise.all([...strays].map((host) => removeHost(lab, host)));
}

async function removeHost(lab: string, host: string): Promise<void> {
  await cutPower(machineName(lab, host));
  await wipeDisk(hostDisk(lab, host));
}

function existing(name: string): LabState {
  const state = readState(name);
  if (state === undefined)
    throw new LabError(`There is no lab ${name}. Make it with \`npm run lab -- up --name ${name}\`.`, 3);
  return state;
}

function assertPossible(name: string): void {
  checkLabName(name);
  const reason = labUnavailable();
  if (reason !== undefined) throw new LabError(reason, 3);
}
