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

/** What can be worked out before any run is worked out here: modules that stand in place of those of src/. */
async function workedOut() {
  const file = resolve(root, `dist/worked-${process.pid}.mjs`);
  try {
    const entryPoints = [resolve(root, 'scripts/worked.ts')];
    await build({ ...common, format: 'esm', entryPoints, outfile: file, packages: 'external' });
    const { worked } = await import(pathToFileURL(file));
    const modules = new Map(Object.entries(worked(root)).map(([path, contents]) => [resolve(root, path), contents]));
    return {
      name: 'worked',
      setup: ({ onLoad }) =>
        onLoad({ filter: /\.ts$/ }, ({ path }) =>
          modules.has(path) ? { contents: modules.get(path), loader: 'js', resolveDir: root } : undefined,
        ),
    };
  } finally {
    rmSync(file, { force: true });
  }
}

/** What few runs need, with all that is asked of it: it loads with the first call. ajv is for schemas of users' roles. */
const late = {
  'ajv/dist/2020.js': ['_', 'Ajv2020'],
  child_process: ['execFile', 'spawn'],
  dns: ['lookup'],
  http: ['request'],
  readline: ['createInterface'],
};

const lateModules = {
  name: 'late-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, namespace }) => {
      const name = path.replace(/^node:/, '');
      if (!Object.hasOwn(late, name)) return undefined;
      return namespace === 'late' ? { path, external: true } : { path: name, namespace: 'late' };
    });
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `const load = () => require('${path}');\n${late[path].map(lateFunction).join('\n')}`,
    }));
    // What packages load at once and nobody here asks for; agents for HTTP alone need the half of Node.
    const unused = /\/(?:ssh2\/lib\/(?:http-agents|keygen|server|protocol\/SFTP)|make-dir\/index)\.js$/;
    onLoad({ filter: unused }, () => ({ contents: 'module.exports = {};' }));
  },
};

function lateFunction(name) {
  return `export function ${name}(...given) {
    return new.target ? new (load().${name})(...given) : load().${name}(...given);
  }`;
}

/** What bin/hadeploy gives V8 beside the text: every function compiled, also those that are first called on a host. */
function compiled() {
  setFlagsFromString('--no-lazy');

  const text = module.wrap(readFileSync(outfile, 'latin1'));
  const script = new Script(text, { filename: outfile });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

const plugins = [await workedOut(), lateModules];
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
