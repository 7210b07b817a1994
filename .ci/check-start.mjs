// Runs the two commands of the README as a stranger would, in a built clone, and checks what came out:
//   npm start                                        the example in the package
//   npm start -- photo --box ... --landmarks ...     a real photograph, where ../shared/data/photos has one
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import gltfValidator from 'gltf-validator';
import sharp from 'sharp';

const FILES = ['crop.png', 'face.glb', 'face.obj', 'face.ply', 'overlay.png', 'render.png', 'scene.json', 'viewer.html'], MAX_COLOR_DIFFERENCE = 0.1;
const temporary = mkdtempSync(join(tmpdir(), 'retinamesh-start-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

function check(what, holds, found) {
  if (!holds) {
    console.error(`check-start: ${what}: ${found}`);
    process.exit(1);
  }
}

function npmStart(...args) {
  const { status, stdout, stderr } = spawnSync('npm', ['start', '-s', '--', ...args], { encoding: 'utf8' });
  check(`npm start ${args.join(' ')} ends with 0`, status === 0, `${status}: ${stdout}${stderr}`);
  return stdout;
}

const pixels = async (file) => sharp(file).ensureAlpha().raw().toBuffer();

// Mean absolute difference over RGB in [0, 1] where the face mask exceeds one half.
async function colorDifference(folder) {
  const [crop, render] = await Promise.all(['crop.png', 'render.png'].map((name) => pixels(join(folder, name))));
  let sum = 0, count = 0;
  for (let i = 0; i < crop.length; i += 4) {
    if (render[i + 3] <= 127) continue;
    count++;
    for (let k = 0; k < 3; k++) sum += Math.abs(crop[i + k] - render[i + k]) / 765;
  }
  check(`${folder} shows a face`, count > 0.15 * (crop.length / 4), `${count} pixels of it`);
  return sum / count;
}

async function checkFolder(folder, printed) {
  check(`${folder} has eight files`, JSON.stringify(readdirSync(folder).sort()) === JSON.stringify(FILES), readdirSync(folder));
  for (const name of FILES) check('the output names every file', printed.includes(name), printed);
  const scene = JSON.parse(readFileSync(join(folder, 'scene.json'), 'utf8')), [face] = scene.faces;
  check('scene.json is of version 1', scene.version === 1, scene.version);
  check('the latent has 128 finite numbers', face.latent.length === 128 && face.latent.every(Number.isFinite), face.latent.length);
  check('landmarks68 has 68 points', face.landmarks68.length === 68, face.landmarks68.length);
  const { issues } = await gltfValidator.validateBytes(new Uint8Array(readFileSync(join(folder, 'face.glb'))));
  check('face.glb has no errors and no warnings', issues.numErrors === 0 && issues.numWarnings === 0, JSON.stringify(issues.messages.slice(0, 3)));
  const difference = await colorDifference(folder), again = join(temporary, 'again.png');
  check(`the colour difference is below ${MAX_COLOR_DIFFERENCE}`, difference < MAX_COLOR_DIFFERENCE, difference);
  const { status, stderr } = spawnSync('npm', ['run', '-s', 'retinamesh', '--', 'render', join(folder, 'scene.json'), '-o', again], { encoding: 'utf8' });
  check('render takes scene.json', status === 0, stderr);
  check('render.png comes out of it to the bit', readFileSync(again).equals(readFileSync(join(folder, 'render.png'))), 'other bytes');
  return { scene, face, difference };
}

function landmarkError(face, reference) {
  const [x1, y1, x2, y2] = face.box;
  return face.landmarks68.reduce((sum, [x, y], i) => sum + Math.hypot(x - reference[i][0], y - reference[i][1]), 0) / 68 / Math.sqrt((x2 - x1) * (y2 - y1));
}

{
  rmSync('out', { recursive: true, force: true });
  const printed = npmStart(), { face, difference } = await checkFolder('out', printed);
  const error = landmarkError(face, JSON.parse(readFileSync('meshes/example.json', 'utf8')).landmarks68);
  check('the 68 landmarks of the example lie within 5 % of the box of where it was drawn', error < 0.05, error);
  console.log(`npm start: ${FILES.length} files in out/, colour difference ${difference.toFixed(4)}, 68 landmarks ${(100 * error).toFixed(2)} % of the box from where they were drawn, fitted in ${face.seconds.toFixed(1)} s`);
}

const photo = '../shared/data/photos/portrait.jpg';
if (existsSync(photo)) {
  const folder = join(temporary, 'portrait'), printed = npmStart(photo, '--box', '307,82,500,349', '--landmarks', '364,175,448,175,405,218,367,262,446,262', '-o', folder);
  const { face, difference } = await checkFolder(folder, printed);
  console.log(`${photo}: colour difference ${difference.toFixed(4)}, fitted in ${face.seconds.toFixed(1)} s`);
} else console.log(`${photo} is not here: the fit of a real photograph is skipped`);

const weights = '../shared/data/weights/retinaface_mobilenet0.25.pth', group = '../shared/data/photos/two_people.jpg';
if (existsSync(weights) && existsSync(group)) {
  process.env.RETINAMESH_CACHE = join(temporary, 'cache');
  const imported = spawnSync('npm', ['run', '-s', 'retinamesh', '--', 'import', weights], { encoding: 'utf8' });
  check('the published weights are imported', imported.status === 0, imported.stderr);
  const folder = join(temporary, 'group'), printed = npmStart(group, '-o', folder), scene = JSON.parse(readFileSync(join(folder, 'scene.json'), 'utf8'));
  check('both people are found and fitted', scene.faces.length === 2, scene.faces.length);
  for (const name of ['face.glb', 'overlay.png', 'render-2.png', 'viewer.html']) check(`there is ${name}`, existsSync(join(folder, name)), readdirSync(folder));
  const { issues } = await gltfValidator.validateBytes(new Uint8Array(readFileSync(join(folder, 'face.glb'))));
  check('face.glb of two has no errors and no warnings', issues.numErrors === 0 && issues.numWarnings === 0, JSON.stringify(issues.messages.slice(0, 3)));
  console.log(printed.split('\n').slice(0, 2).join('; '));
} else console.log(`${weights} or ${group} is not here: the faces that reconstruct finds itself are skipped`);

{
  const folder = join(temporary, 'stopped'), child = spawn(process.execPath, ['dist/cli/main.js', 'reconstruct', '-o', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => { said += part; });
  const ended = new Promise((resolve) => { child.on('exit', (code, signal) => resolve(code ?? signal)); });
  await sleep(1500);
  child.kill('SIGINT');
  const code = await ended;
  check('Ctrl-C ends a fit with 1', code === 1, `${code}: ${said}`);
  check('Ctrl-C writes nothing', !existsSync(folder), 'files');
}
