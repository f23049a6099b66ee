import { describe, expect, it } from 'vitest';
import { looking, sh } from '../../../src/posix/script.ts';
import { ask } from '../../../src/run/conversation.ts';
import type { Connection } from '../../../src/run/ports.ts';
import { localShells, runHere } from '../../support/local-shells.ts';

const [shell] = localShells();
let asked = 0;
const connection = {
  async exec(script) {
    asked += 1;
    return runHere(shell!, script);
  },
} as Pick<Connection, 'exec'> as Connection;

describe('a conversation', () => {
  it('runs scripts that say the same once, and makes their looks about all that each of them names', async () => {
    const about = (name: string) =>
      sh`${looking({ name: 'seen', about: [name], ask: (names) => sh`seen=${names.join('+')}` })}echo "$seen"`;
    const scripts = [about('a'), sh`echo other`, about('b'), about('a')];
    const answers = await ask(connection, 'here', scripts, { become: false, mark: '5799eb8f7e9e2f13261f' });
    expect(answers.map(({ stdout }) => stdout)).toEqual(['a+b\n', 'other\n', 'a+b\n', 'a+b\n']);
    expect(asked).toBe(1);
  });
});
