// Compiles the AssemblyScript kernels to dist/kernels/wasm/kernels.wasm and embeds them in kernels.generated.ts, so that
// Node, bundlers, workers and pages opened from file:// load them the same way: without a path.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outFile = here('../../../dist/kernels/wasm/kernels.wasm');
mkdirSync(here('../../../dist/kernels/wasm/'), { recursive: true });

const { error, stderr } = await asc.main([
  here('assembly/index.ts'), '--outFile', outFile, '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd',
]);
if (error) {
  process.stderr.write(stderr.toString());
  process.exit(1);
}
const base64 = readFileSync(outFile).toString('base64');
const generated = `// Made by src/kernels/wasm/build.mjs from assembly/.\nexport const KERNELS_WASM_BASE64 = '${base64}';\n`;
writeFileSync(here('kernels.generated.ts'), generated);
process.stderr.write(`kernels.wasm ${readFileSync(outFile).length} bytes\n`);
