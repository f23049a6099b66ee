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
  const known = told.get(question) ?? spawnSync('sh', ['-c', question], { encoding: 'utf8' }).stdout;
  told.set(question, known);
  return known;
}
const told = new Map<string, string>();

/** A host that is nothing but its answers. */
const connection: Connection = {
  async exec({ text }) {
    const mark = /^\{\nprintf '%s\\n' (\S+);/.exec(text)![1]!;
    const questions = text.split(`\nprintf '\\n%s %s\\n' ${mark} "$?"`).slice(0, -1);
    const bodies = questions.map((one) => one.slice(one.indexOf('\n(\n') + 3, one.lastIndexOf('\n) </dev/null')));
    const stdout = `${mark}\n${bodies.map((body) => `${answerTo(body)}\n${mark} 0\n`).join('')}`;
    return { code: 0, stdout, stderr: `${mark}\n${bodies.map(() => `\n${mark}\n`).join('')}` };
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
const before = process.resourceUsage();
await dryRun(inventory, join(folder, 'site.yml'), { connect: async () => connection });
const after = process.resourceUsage();
const ms = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000;
process.stdout.write(`${JSON.stringify({ hosts: Number(hosts), ms, peakKb: after.maxRSS })}\n`);
process.exit(0);
