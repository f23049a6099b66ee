import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { perHosts } from '../../../src/playbook/faults.ts';
import { said } from './estate.ts';

const folder = new URL('../../data/playbook/faults/', import.meta.url);

/** A case: the files of a project, each after a line `--- path`, and after `--- said` what the user reads. */
function readCase(name: string): { readonly files: Readonly<Record<string, string>>; readonly expected: string } {
  const parts = readFileSync(new URL(name, folder), 'utf8')
    .split(/^--- (.+)\n/m)
    .slice(1);
  const files: Record<string, string> = {};
  for (let at = 0; at < parts.length; at += 2) files[parts[at]!] = parts[at + 1]!;
  const { said: expected = '', ...rest } = files;
  return { files: rest, expected: expected.trimEnd() };
}

describe('what a user is told about', () => {
  it.each(readdirSync(folder).sort())('%s', (name) => {
    const { files, expected } = readCase(name);
    expect(said(files)).toBe(expected);
  });
});

describe('faults of many hosts', () => {
  const fault = { code: 'x', severity: 'error', what: 'Wrong.' } as const;
  const on = (...hosts: readonly string[]) => hosts.map((host) => ({ ...fault, host }));

  it('are one fault, without hosts when all have it', () => {
    expect(perHosts(on('a', 'b'), 2)).toEqual([fault]);
  });

  it('name the few hosts, and count the many', () => {
    expect(perHosts(on('a', 'b'), 3)).toEqual([{ ...fault, host: 'a, b' }]);
    expect(perHosts(on('a', 'b', 'c', 'd'), 9)).toEqual([{ ...fault, host: 'a, b, c, d' }]);
    expect(perHosts(on('a', 'b', 'c', 'd', 'e'), 9)).toEqual([{ ...fault, host: 'a, b, c and 2 more' }]);
  });

  it('name the only host there is', () => {
    expect(perHosts(on('a'), 1)).toEqual([{ ...fault, host: 'a' }]);
  });
});
