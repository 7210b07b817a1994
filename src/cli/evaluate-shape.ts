import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import { SEVEN_OF_68, SEVEN_POINTS } from '../data/face-area.ts';
import { SHAPE_ERROR_DEFAULTS } from '../data/shape-error.ts';
import type { PixelImage } from '../io/image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { readShapeMeshes, type ShapeMesh, unitOf } from './shape-meshes.ts';
import { readShapePoints } from './shape-points.ts';
import { errorCurve, formatShapes, frontOf, shapeChart, shapeFigures, type ShapeScore } from './shape-report.ts';
import { fitTurnedScan, formatTurned } from './turned-scan.ts';

interface ShapeOptions extends CommonOptions {
  readonly scan: string;
  readonly points: string;
  readonly mesh: readonly string[];
  readonly meshPoints?: readonly number[];
  readonly decoder?: string;
  readonly renderAngles: readonly number[];
  readonly texture?: string;
  readonly flipTexture: boolean;
  readonly unit?: number;
  readonly radius?: number;
  readonly rounds: number;
  readonly most: number;
  readonly size: number;
  readonly output?: string;
}

/** Adds `retinamesh evaluate shape`: how far meshes, and the mean face beside them, lie from a scan. */
export function addEvaluateShapeCommand(noun: Command): void {
  addDecoderOption(addCommonOptions(noun.command('shape').description('distance from the face area of a scan to meshes, aligned by seven points with and without scale: median, mean, deviation, cumulative curve, error map; the mean face beside them')
    .requiredOption('--scan <file>', '.obj, .ply or .glb')
    .requiredOption('--points <places>', `on the scan, in its unit: x,y,z;x,y,z;... or a JSON file [[x, y, z], ...]: ${SEVEN_POINTS.join(', ')} (right: the person's)`)))
    .option('--mesh <files...>', '.glb, .ply, .obj or scene.json of reconstructions', [])
    .option('--mesh-points <vertices>', 'seven vertices, for meshes of another topology than the decoder\'s', parseVertices)
    .option('--render-angles <degrees>', 'draw the scan from the front and turned, e.g. 0,20,40, fit each picture from five points, and compare those fits too', parseAngles, [])
    .option('--texture <picture>', 'laid over a .glb scan\'s texture coordinates, where it brings none')
    .option('--flip-texture', 'the picture\'s lower edge is at v = 0, as three.js lays pictures', false)
    .option('--unit <mm>', 'millimetres of the scan\'s unit (default: 1000 of a .glb, 1 of the others)', parseNumber({ min: 1e-6, max: 1e6 }))
    .option('--radius <mm>', 'of the face area (default: 0.7 (outer eye corners\' distance + bottom of the nose to the middle of the inner ones), as NoW has it)', parseNumber({ min: 1, max: 1000 }))
    .option('--rounds <n>', 'of alignment by closest points after the seven; 0: the seven alone', parseNumber({ min: 0, max: 10_000, whole: true }), SHAPE_ERROR_DEFAULTS.rounds)
    .option('--most <mm>', 'end of the error maps\' scale', parseNumber({ min: 0.01, max: 1000 }), 5)
    .option('--size <pixels>', 'edge of a picture in the maps', parseNumber({ min: 64, max: 1024, whole: true }), 400)
    .option('-o, --output <folder>', 'where shape.json, cumulative curves and error maps go; without it only the figures are printed')
    .action(withCommand(shapeCommand));
}

/** Greatest angle at which a fit is tried. */
const MOST_TURNED = 90;

function parseAngles(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!values.every((x) => Math.abs(x) <= MOST_TURNED)) throw new InvalidArgumentError(`Give angles from -${MOST_TURNED} to ${MOST_TURNED} with commas between.`);
  return values;
}

function parseVertices(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length !== 7 || !values.every((v) => Number.isInteger(v) && v >= 0)) throw new InvalidArgumentError('Give seven vertex numbers with commas between.');
  return values;
}

async function shapeCommand(context: CommandContext, options: ShapeOptions): Promise<CommandResult> {
  const { decoder, output, rounds, radius = null } = options;
  if (output) await assertWritableFolder(output);
  const { scan, places } = await readScan(options), backend = await context.useBackend(), loaded = await loadModel(decoder);
  try {
    const turned = options.renderAngles.length > 0 ? await fitTurnedScan(context, scan, places, options.renderAngles, loaded) : null, meshes = [...await collectMeshes(loaded, options), ...turned?.meshes ?? []], [{ shapeError }, { faceArea }] = await Promise.all([import('../data/shape-error.ts'), import('../data/face-area.ts')]);
    const area = faceArea(places, radius ?? undefined), scores: ShapeScore[] = [], began = performance.now();
    for (const { name, mesh, points } of meshes) {
      await new Promise((resolve) => { setTimeout(resolve); }); // lets Ctrl-C in
      context.signal.throwIfAborted();
      const of = (scale: boolean) => shapeError(scan, places, mesh, points, { scale, rounds, radius });
      scores.push({ name, scaled: of(true), unscaled: of(false) });
      context.progress({ label: 'compare', done: scores.length, total: meshes.length, seconds: (performance.now() - began) / 1000 });
    }
    const summary = {
      scan: { file: options.scan, vertices: scan.vertices.length / 3, unit: options.unit ?? unitOf(options.scan) }, area: { ...area, vertices: scores[0]!.scaled.count }, rounds,
      decoder: { name: loaded.name, sha256: loaded.sha256 }, backend, meshes: scores.map(({ name, scaled, unscaled }) => ({ name, scaled: shapeFigures(scaled), unscaled: shapeFigures(unscaled) })), turned: turned?.fits ?? [],
    };
    const how = `${basename(options.scan)}: ${summary.area.vertices} vertices, each by its surface, within ${area.radius.toFixed(1)} mm of the middle of the face, seven points${rounds > 0 ? ', then closest points' : ' alone'}`;
    const files = output ? await writeOutputFiles(output, { ...turned && { 'turned.png': await (await import('../io/node-image.ts')).encodePng(turned.sheet) }, ...await shapeFiles(scan, scores, area, how, summary, options) }) : [];
    return { record: { ...summary, files }, text: [...formatTurned(turned?.fits ?? []), how, ...formatShapes(scores), ...files].join('\n') };
  } finally {
    loaded.model.decoder.dispose();
  }
}

/** Greatest distance of a given point from the scan, millimetres. */
const OFF_SCAN = 10;

async function readScan({ scan: path, points, texture, flipTexture, unit = unitOf(path) }: ShapeOptions): Promise<{ scan: TriangleMesh<Float64Array>; places: number[] }> {
  const [{ readMeshFile }, { createClosestPoint }] = await Promise.all([import('../io/node-mesh.ts'), import('../mesh/closest-point.ts')]);
  const places = (await readShapePoints(points)).map((x) => unit * x), picture = texture === undefined ? null : await readTexture(texture, flipTexture), read = await advise('give a mesh as --scan', () => readMeshFile(path, { texture: picture })), scan = { ...read, vertices: read.vertices.map((x) => unit * x) };
  const closest = createClosestPoint(scan);
  SEVEN_POINTS.forEach((name, i) => {
    const { distance } = closest(places[3 * i]!, places[3 * i + 1]!, places[3 * i + 2]!);
    if (!(distance <= OFF_SCAN)) throw new ArgumentError('evaluate shape', `place ${i + 1} of --points (${name})`, `at most ${OFF_SCAN} mm to the scan`, `${distance.toFixed(1)} mm; give places in the scan's own unit, and its millimetres as --unit`);
  });
  return { scan, places };
}

async function readTexture(path: string, isFlipped: boolean): Promise<PixelImage> {
  const image = await advise('give a picture as --texture', async () => (await import('../io/node-image.ts')).readImageFile(path)), row = image.width * image.channels;
  if (!isFlipped) return image;
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < image.height; y++) data.set(image.data.subarray(y * row, (y + 1) * row), (image.height - 1 - y) * row);
  return { ...image, data };
}

async function collectMeshes(loaded: Awaited<ReturnType<typeof loadModel>>, { mesh, meshPoints }: ShapeOptions): Promise<ShapeMesh[]> {
  const { decodeMesh } = await import('../decoder/decode-mesh.ts'), { model } = loaded, seven = SEVEN_OF_68.map((i) => model.topology.landmarks68[i]!);
  const meshes: ShapeMesh[] = [{ name: 'mean face', mesh: decodeMesh(model, new Float32Array(model.decoder.config.latentSize)), points: seven }];
  for (const path of mesh) meshes.push(...await readShapeMeshes(path, loaded, seven, meshPoints ?? null));
  return meshes;
}

async function shapeFiles(scan: TriangleMesh, scores: readonly ShapeScore[], area: { readonly center: readonly number[]; readonly radius: number }, how: string, summary: object, { most, size }: ShapeOptions): Promise<Record<string, Uint8Array | string>> {
  const [{ errorMap }, { encodePng }] = await Promise.all([import('./error-map.ts'), import('../io/node-image.ts')]), files: Record<string, Uint8Array | string> = {};
  for (const [i, { name, scaled }] of scores.entries()) {
    const title = `${name}, aligned with scale: median ${scaled.median.toFixed(2)}, mean ${scaled.mean.toFixed(2)}, deviation ${scaled.deviation.toFixed(2)} mm`;
    const map = await errorMap({ ...frontOf(scan, scaled.distance, scaled.alignment, area), most, title, note: how, none: 'outside the face area' }, size);
    files[i === 0 ? 'error-map-mean.png' : `error-map-${i}.png`] = await encodePng(map);
  }
  for (const which of ['scaled', 'unscaled'] as const) Object.assign(files, await chartFiles(`cumulative-error-${which}`, shapeChart(scores, which, how)));
  const curves = scores.map(({ name, scaled, unscaled }) => ({ name, scaled: errorCurve(scaled), unscaled: errorCurve(unscaled) }));
  return { ...files, 'shape.json': `${JSON.stringify({ ...summary, curves }, null, 1)}\n` };
}
