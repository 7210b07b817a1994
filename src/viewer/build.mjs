// Bundles src/viewer/page into one file, dist/viewer/page.html: script, three.js, the parts of TensorFlow.js that decoding needs and
// style inside, so that it works from file:// without a network, and under a policy that lets only this very script and style in.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), 'utf8');

/** The union package brings layers, converter and WebGL; the page takes the core's functions and registers what it needs itself: page/engine/tensorflow.ts. */
const packageFile = (path) => fileURLToPath(import.meta.resolve(`@tensorflow/${path}`));
const alias = [
  { find: /^@tensorflow\/tfjs(-core)?$/, replacement: packageFile('tfjs-core/dist/base.js') },
  ...['wasm', 'cpu'].map((name) => ({ find: new RegExp(`^@tensorflow/tfjs-backend-${name}$`), replacement: packageFile(`tfjs-backend-${name}/dist/base.js`) })),
];

/** What the bundle leaves out: the wasm backend's threads, and the two Node modules that glTF-Transform names for its Node reader. */
const leaveOut = {
  name: 'leave-out', enforce: 'pre',
  resolveId: (id) => (/^node:(fs|path)$/.test(id) ? '\0none' : null),
  load: (id) => (id === '\0none' ? 'export default {}; export const promises = {};'
    : /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/.test(id) ? 'export const wasmWorkerContents = ""; export default null;' : null),
};

const { output } = (await build({
  configFile: false, root: here('.'), logLevel: 'warn', publicDir: false, resolve: { alias }, plugins: [leaveOut],
  build: { write: false, target: 'es2022', minify: true, lib: { entry: here('page/main.ts'), formats: ['es'], fileName: 'page' } },
}))[0];
if (output.length !== 1) throw new Error(`expected one script, got ${output.map((part) => part.fileName)}`);

// In an inline script an HTML parser would stop at these, wherever they stand.
const script = output[0].code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--'), style = read('page/page.css');
const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const insert = (page, place, content) => {
  if (page.split(place).length !== 2) throw new Error(`expected one ${place} in the page`);
  return page.split(place).join(content);
};
const parts = { style, script, 'style-hash': hash(style), 'script-hash': hash(script) };
const page = Object.entries(parts).reduce((text, [name, content]) => insert(text, `/*retinamesh:${name}*/`, content), read('page/page.html'));
mkdirSync(here('../../dist/viewer/'), { recursive: true });
const file = here('../../dist/viewer/page.html');
writeFileSync(`${file}.${process.pid}.tmp`, page);
renameSync(`${file}.${process.pid}.tmp`, file); // a test may be reading the old one
process.stderr.write(`viewer page ${page.length} bytes\n`);
if (process.env.RETINAMESH_PAGE_PARTS) {
  const sizes = {};
  for (const [id, { renderedLength }] of Object.entries(output[0].modules)) {
    const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? 'retinamesh';
    sizes[part] = (sizes[part] ?? 0) + renderedLength;
  }
  console.log(sizes);
}
