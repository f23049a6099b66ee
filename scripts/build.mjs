// Bundles the program into dist/hadeploy. Packages that few runs need stay outside and load when used.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = resolve(root, 'dist/hadeploy');
const outfile = resolve(outdir, 'main.cjs');
const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };

/** Our own schemas are compiled here, not at each start. */
async function precompiled() {
  const file = resolve(root, `dist/validators-${process.pid}.mjs`);
  try {
    const entryPoints = [resolve(root, 'scripts/validators.ts')];
    await build({ ...common, format: 'esm', entryPoints, outfile: file, packages: 'external' });
    const { default: contents } = await import(pathToFileURL(file));
    return {
      name: 'precompiled',
      setup: ({ onLoad }) =>
        onLoad({ filter: /src\/schema\/precompiled\.ts$/ }, () => ({ contents, loader: 'js', resolveDir: root })),
    };
  } finally {
    rmSync(file, { force: true });
  }
}

/** ajv itself loads when there is a schema that was not compiled here: that of a user's role. */
const lazyAjv = {
  name: 'lazy-ajv',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ajv\/dist\/2020\.js$/ }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: `const load = () => require(${JSON.stringify(path)});
        export const _ = (...words) => load()._(...words);
        export function Ajv2020(options) { return new (load().Ajv2020)(options); }`,
    }));
  },
};

/** What bin/hadeploy gives V8 beside the text: every function compiled, also those that are first called on a host. */
function compiled() {
  setFlagsFromString('--no-lazy');

  const text = module.wrap(readFileSync(outfile, 'latin1'));
  const script = new Script(text, { filename: outfile });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

const plugins = [await precompiled(), lazyAjv];
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  ...common,
  format: 'cjs',
  entryPoints: [resolve(root, 'src/cli/main.ts')],
  outfile,
  plugins,
  // ssh2 does without its two native helpers, which brought nothing.
  external: ['@hpcc-js/wasm-graphviz', 'listr2', '*.node'],
  minifySyntax: true,
  minifyWhitespace: true,
  charset: 'ascii',
  // A script that comes from its compiled form cannot import any more; Node can require what was written for import.
  supported: { 'dynamic-import': false },
  legalComments: 'external',
  define: { 'import.meta.url': 'programUrl' },
  banner: { js: "const programUrl = require('node:url').pathToFileURL(__filename).href;" },
});
writeFileSync(`${outfile}.${process.version}-${process.platform}-${process.arch}`, compiled());
