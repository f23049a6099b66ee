// The long form of the fuzz tests: `npm run test:fuzz -- --runs 20000`. Each time another seed, told where it fails.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { runs } = parseArgs({ options: { runs: { type: 'string', default: '5000' } } }).values;
const env = { ...process.env, HADEPLOY_FUZZ_RUNS: runs };
const ended = spawnSync('npx', ['vitest', 'run', '--project', 'unit', 'test/unit/fuzz'], { stdio: 'inherit', env });
process.exitCode = ended.status ?? 1;
