import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../../../src/run/ports.ts';
import { dryRun } from './record.ts';

const [folder, hosts] = process.argv.slice(2) as [string, string];

const playbook = `- hosts: all
  tasks:
    - directory: {path: "/srv/planning/{{ item }}"}
      loop: "{{ range(5) | list }}"
    - file: {path: "/srv/planning/{{ item % 5 }}/file-{{ item }}", content: "{{ item }} of {{ inventory_hostname }}\\n"}
      loop: "{{ range(55) | list }}"
`;

/** What one question of a framed script is answered with: all is as it should be, and facts are those of this machine. */
function answerTo(question: string): string {
  if (question.includes('/srv/planning')) return 'wanted\n';
  let known = told.get(question);
  if (known === undefined) {
    const from = spentMs();
    known = spawnSync('sh', ['-c', question], { encoding: 'utf8' }).stdout;
    told.set(question, known);
    askedMs += spentMs() - from;
  }
  return known;
}
const told = new Map<string, string>();
/** Processor time in which this machine was asked, which is no part of what is measured. */
let askedMs = 0;

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A host that is nothing but its answers. */
const connection: Connection = {
  async exec({ text }) {
    const mark = /^\{\nprintf '%s\\n' (\S+);/.exec(text)![1]!;
    const [begin, end] = ['\n(\n', '\n) </dev/null\nprintf '];
    let [stdout, stderr] = [`${mark}\n`, `${mark}\n`];
    for (let at = text.indexOf(begin); at >= 0; ) {
      const to = text.indexOf(end, at);
      stdout += `${answerTo(text.slice(at + begin.length, to))}\n${mark} 0\n`;
      stderr += `\n${mark}\n`;
      at = text.indexOf(begin, to);
    }
    return { code: 0, stdout, stderr };
  },
  hold: () => {
    throw new Error('nothing is to change');
  },
  reach: async () => ({ heard: true }),
  http: async () => ({ status: undefined, error: 'nobody' }),
  close: async () => {},
};

const inventory = join(folder, 'inventory');
mkdirSync(inventory, { recursive: true });
const last = String(Number(hosts) - 1).padStart(5, '0');
writeFileSync(join(inventory, 'hosts.yml'), `all:\n  hosts:\n    "h[00000:${last}]": {}\n`);
writeFileSync(join(folder, 'site.yml'), playbook);
const before = spentMs();
await dryRun(inventory, join(folder, 'site.yml'), { connect: async () => connection });
const ms = spentMs() - before - askedMs;
const peakKb = process.resourceUsage().maxRSS;
process.stdout.write(`${JSON.stringify({ hosts: Number(hosts), ms, peakKb })}\n`);
process.exit(0);
