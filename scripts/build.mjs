// Bundles the program into dist/hadeploy. Packages that not every command needs stay outside and load when used.
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = resolve(root, 'dist/hadeploy');
const common = { bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' };

/** Our own schemas are compiled here, not at each start. */
async function precompiled() {
  const outfile = resolve(root, `dist/validators-${process.pid}.mjs`);
  try {
    await build({ ...common, entryPoints: [resolve(root, 'scripts/validators.ts')], outfile, packages: 'external' });
    const { default: contents } = await import(pathToFileURL(outfile));
    return {
      name: 'precompiled',
      setup: ({ onLoad }) =>
        onLoad({ filter: /src\/schema\/precompiled\.ts$/ }, () => ({ contents, loader: 'js', resolveDir: root })),
    };
  } finally {
    rmSync(outfile, { force: true });
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

const plugins = [await precompiled(), lazyAjv];
rmSync(outdir, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: [resolve(root, 'src/cli/main.ts')],
  outdir,
  splitting: true,
  plugins,
  external: ['@hpcc-js/wasm-graphviz', 'listr2', 'node-ssh', 'ssh2'],
  outExtension: { '.js': '.mjs' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  // Packages written for `require` ask for Node's own modules by it.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
