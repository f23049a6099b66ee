import { execFileSync } from 'node:child_process';

/** Builds the program once before the tests, so that those that run it run what is in src/. */
export default function build(): void {
  execFileSync('node', ['scripts/build.mjs'], { stdio: 'inherit' });
}
