// Bundles src/viewer/page into one file, dist/viewer/page.html: script, three.js and style inside, so that it works from file://
// without a network. fillViewerPage puts the data of a reconstruction into it.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), 'utf8');

const { output } = (await build({
  configFile: false, root: here('.'), logLevel: 'warn', publicDir: false,
  build: { write: false, target: 'es2022', minify: true, lib: { entry: here('page/main.ts'), formats: ['es'], fileName: 'page' } },
}))[0];
if (output.length !== 1) throw new Error(`expected one script, got ${output.map((part) => part.fileName)}`);

// In an inline script an HTML parser would stop at these, wherever they stand.
const script = output[0].code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
const insert = (page, place, content) => {
  if (page.split(place).length !== 2) throw new Error(`expected one ${place} in the page`);
  return page.split(place).join(content);
};
const page = insert(insert(read('page/page.html'), '/*retinamesh:style*/', read('page/page.css')), '/*retinamesh:script*/', script);
mkdirSync(here('../../dist/viewer/'), { recursive: true });
const file = here('../../dist/viewer/page.html');
writeFileSync(`${file}.${process.pid}.tmp`, page);
renameSync(`${file}.${process.pid}.tmp`, file); // a test may be reading the old one
process.stderr.write(`viewer page ${page.length} bytes\n`);
