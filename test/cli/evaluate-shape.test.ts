import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEVEN_OF_68 } from '../../src/data/face-area.ts';
import { readFaceModel } from '../../src/decoder/face-model.ts';
import { readMeshFile, writeMeshFile } from '../../src/io/node-mesh.ts';
import { movePoints } from '../../src/mesh/move-points.ts';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';
import { runHere } from '../support/command-line.ts';

const SCAN = '../shared/data/meshes/leeperrysmith/LeePerrySmith.glb', ABSENT = existsSync(SCAN) ? '' : ` [skipped: no ${SCAN}]`;
/** Marked by eye on the front view, in the scan's unit, of which 50 mm put the outer eye corners at 91 mm. */
const MARKED = '-1.016,1.641,1.686;-0.402,1.712,1.845;0.213,1.699,1.844;0.8,1.638,1.679;-0.124,0.867,2.304;-0.49,0.393,2.099;0.339,0.419,2.087';

interface Figures {
  readonly scale: number;
  readonly median: number;
  readonly mean: number;
  readonly deviation: number;
  readonly points: number;
}
interface Report {
  readonly scan: { readonly vertices: number; readonly unit: number };
  readonly area: { readonly radius: number; readonly vertices: number };
  readonly turned: readonly { readonly angle: number; readonly nme: number; readonly nmeEyes: number; readonly color: number }[];
  readonly meshes: readonly { readonly name: string; readonly scaled: Figures; readonly unscaled: Figures }[];
}

const root = mkdtempSync(join(tmpdir(), 'retinamesh-shape-')), at = (name: string): string => join(root, name);
const MOVE = { scale: 0.97, rotation: [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6], from: [0, 0, 0], to: [30, -400, 7] };
let mean: TriangleMesh<Float64Array>, seven: number[], places: number[][];
const evaluate = (...args: string[]) => runHere('evaluate', 'shape', ...args);
const report = async (...args: string[]): Promise<Report> => {
  const { code, out, err } = await evaluate(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') });
  return JSON.parse(out) as Report;
};

beforeAll(async () => {
  await runHere('decode', '-o', at('mean.ply'));
  await runHere('decode', '-o', at('mean.glb'));
  await runHere('decode', '--latent', writeLatent(), '-o', at('other.obj'));
  mean = await readMeshFile(at('mean.ply'));
  const { decoder, topology } = readFaceModel(readFileSync('meshes/head.safetensors'));
  seven = SEVEN_OF_68.map((i) => topology.landmarks68[i]!);
  decoder.dispose();
  const moved = movePoints(mean.vertices, MOVE);
  await writeMeshFile(at('scan.ply'), { vertices: moved, faces: mean.faces });
  places = seven.map((v) => [...moved.subarray(3 * v, 3 * v + 3)]);
  writeFileSync(at('points.json'), JSON.stringify(places));
});
afterAll(() => rmSync(root, { recursive: true }));

function writeLatent(): string {
  writeFileSync(at('latent.json'), JSON.stringify(Array.from({ length: 128 }, (_, i) => (i < 8 ? 1.5 : 0))));
  return at('latent.json');
}

describe('evaluate shape', () => {
  it('finds the mean face in itself, moved and scaled, and another face at a distance; writes curves and maps', async () => {
    const { meshes, area, scan } = await report('--scan', at('scan.ply'), '--points', at('points.json'), '--mesh', at('mean.glb'), at('other.obj'), '--rounds', '5', '--size', '64', '-o', at('out'));
    expect(meshes.map(({ name }) => name)).toEqual(['mean face', 'mean.glb', 'other.obj']);
    for (const { scaled, unscaled } of meshes.slice(0, 2)) {
      expect(scaled.scale).toBeCloseTo(0.97, 5);
      expect(Math.max(scaled.median, scaled.mean, scaled.deviation, scaled.points)).toBeLessThan(1e-3); // files hold float32
      expect(unscaled.scale).toBe(1);
      expect(unscaled.mean).toBeGreaterThan(0.05);
    }
    expect(meshes[2]!.scaled.median).toBeGreaterThan(0.1);
    expect(scan).toMatchObject({ unit: 1, vertices: 6821 });
    expect(area.vertices).toBeGreaterThan(1000);
    expect(readdirSync(at('out')).sort()).toEqual(['cumulative-error-scaled.png', 'cumulative-error-scaled.svg', 'cumulative-error-unscaled.png', 'cumulative-error-unscaled.svg', 'error-map-1.png', 'error-map-2.png', 'error-map-mean.png', 'shape.json']);
    const { curves } = JSON.parse(readFileSync(at('out/shape.json'), 'utf8')) as { curves: { name: string; scaled: { distance: number; share: number }[] }[] };
    expect(curves[0]!.scaled[1]).toEqual({ distance: 0.1, share: 1 });
    expect(curves[0]!.scaled[0]!.share).toBeLessThan(1);
    expect(curves[2]!.scaled[1]!.share).toBeLessThan(0.9);
    expect((await sharp(at('out/error-map-2.png')).metadata()).width).toBe(3 * 64);
  });

  it('draws errors in colour, their absence dark, and what lies outside the face area grey', async () => {
    const shares = async (name: string): Promise<{ grey: number; dark: number; light: number }> => {
      const { data, info } = await sharp(at(`out/${name}`)).raw().toBuffer({ resolveWithObject: true }), count = { grey: 0, dark: 0, light: 0 };
      for (let i = 0; i < 64 * info.width; i++) {
        const [r, g, b] = [data[info.channels * i]!, data[info.channels * i + 1]!, data[info.channels * i + 2]!];
        if (r > 250 && g > 250 && b > 250) continue;
        if (Math.max(r, g, b) - Math.min(r, g, b) < 20) count.grey++; else if (g < 20) count.dark++; else count.light++;
      }
      return count;
    };
    const same = await shares('error-map-mean.png'), other = await shares('error-map-2.png');
    expect(same.grey).toBeGreaterThan(100);
    expect(same.dark).toBeGreaterThan(500);
    expect(other.light).toBeGreaterThan(300);
  });

  it('takes points as text, another radius and unit, and the seven points alone', async () => {
    await writeMeshFile(at('metres.obj'), { vertices: mean.vertices.map((x) => 0.97 * x / 1000), faces: mean.faces });
    const text = seven.map((v) => [...mean.vertices.subarray(3 * v, 3 * v + 3)].map((x) => 0.97 * x / 1000).join(',')).join(';');
    const { area, scan, meshes } = await report('--scan', at('metres.obj'), '--points', text, '--unit', '1000', '--radius', '50', '--rounds', '0');
    expect([area.radius, scan.unit]).toEqual([50, 1000]);
    expect(meshes[0]!.scaled.mean).toBeLessThan(1e-3);
    expect(meshes[0]!.unscaled.mean).toBeGreaterThan((await report('--scan', at('metres.obj'), '--points', text, '--unit', '1000', '--radius', '50', '--rounds', '10')).meshes[0]!.unscaled.mean);
  });

  it('compares a mesh of another topology by its own seven vertices', async () => {
    const V = mean.vertices.length / 3, extra = Float64Array.from([...mean.vertices.subarray(0, 3), ...mean.vertices]);
    await writeMeshFile(at('shifted.ply'), { vertices: extra, faces: mean.faces.map((v) => v + 1) });
    const args = ['--scan', at('scan.ply'), '--points', at('points.json'), '--rounds', '1', '--mesh', at('shifted.ply')];
    expect((await report(...args, '--mesh-points', seven.map((v) => v + 1).join(','))).meshes[1]!.scaled.mean).toBeLessThan(1e-3);
    const { code, err } = await evaluate(...args);
    expect(code).toBe(1);
    expect(err).toContain(`shifted.ply to have the ${V} vertices of head.safetensors, got ${V + 1}; give its seven vertices as --mesh-points`);
  });

  it('draws a coloured scan, fits the picture from five points, and compares the fit with the scan', async () => {
    writeFileSync(at('own.json'), JSON.stringify(seven.map((v) => [...mean.vertices.subarray(3 * v, 3 * v + 3)])));
    const { turned, meshes } = await report('--scan', at('mean.ply'), '--points', at('own.json'), '--render-angles', '20', '--rounds', '3', '--size', '64', '-o', at('turned')), [fit] = turned;
    expect(meshes.map(({ name }) => name)).toEqual(['mean face', 'fit at 20 degrees']);
    expect(fit).toMatchObject({ angle: 20 });
    expect(fit!.nme).toBeLessThan(0.02);
    expect(fit!.color).toBeLessThan(0.02);
    expect(fit!.nmeEyes).toBeGreaterThan(1.2 * fit!.nme); // the eyes' distance is the shorter length
    expect(meshes[1]!.scaled.mean).toBeLessThan(2);
    expect((await sharp(at('turned/turned.png')).metadata()).width).toBe(3 * 224);
  }, 120_000);

  it('leaves no tensor behind', async () => {
    const args = ['--scan', at('scan.ply'), '--points', at('points.json'), '--mesh', at('mean.glb'), '--rounds', '0', '--radius', '40', '--size', '64', '-o', at('again')];
    await report(...args);
    const before = tf.memory().numTensors;
    await report(...args);
    await evaluate('--scan', at('scan.ply'), '--points', at('points.json'), '--mesh', at('nothing.glb'));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, string[], number, RegExp]>([
    ['no points', ['--scan', 'scan.ply'], 2, /required option '--points <places>'/],
    ['no scan', ['--points', 'points.json'], 2, /required option '--scan <file>'/],
    ['a scan that is not there', ['--scan', 'none.ply', '--points', 'points.json'], 1, /none\.ply to have a readable file.*; give a mesh as --scan/],
    ['points that are not there', ['--scan', 'scan.ply', '--points', 'none.json'], 1, /none\.json to have a readable file.*; give seven places as x,y,z;.*: right outer eye corner, .*, right being the person's/],
    ['points that are no JSON', ['--scan', 'scan.ply', '--points', 'scan.ply'], 1, /scan\.ply: expected the text at the start to have JSON, got /],
    ['six points', ['--scan', 'scan.ply', '--points', '0,0,0;1,0,0;2,0,0;3,0,0;4,0,0;5,0,0'], 1, /evaluate shape: expected --points to have seven places, got 6/],
    ['a point of two numbers', ['--scan', 'scan.ply', '--points', '0,0,0;1,0,0;2,0;3,0,0;4,0,0;5,0,0;6,0,0'], 1, /expected place 3 of --points \(left inner eye corner\) to have three finite numbers, got \[2,0\]/],
    ['points off the scan', ['--scan', 'scan.ply', '--points', '0,0,0;1,0,0;2,0,0;3,0,0;4,0,0;5,0,0;6,0,0'], 1, /expected place 1 of --points \(right outer eye corner\) to have at most 10 mm to the scan, got \d+\.\d mm; give places in the scan's own unit/],
    ['another unit than the points\' distance allows', ['--scan', 'scan.ply', '--points', 'points.json', '--radius', '1'], 1, /shapeError: expected the scan to have at least 100 vertices within 1\.0 mm of the middle of the face, got \d+ of 6821/],
    ['a mesh that is no mesh', ['--scan', 'scan.ply', '--points', 'points.json', '--mesh', 'latent.json'], 1, /latent\.json.*; give --mesh the scene\.json of a reconstruction, or a mesh/],
    ['six vertices', ['--scan', 'scan.ply', '--points', 'points.json', '--mesh-points', '1,2,3,4,5,6'], 2, /--mesh-points <vertices>' argument '1,2,3,4,5,6' is invalid\. Give seven vertex numbers with commas between\./],
    ['a vertex that the mesh has not', ['--scan', 'scan.ply', '--points', 'points.json', '--mesh', 'mean.glb', '--mesh-points', '1,2,3,4,5,6,99999'], 1, /seven vertices below 6821, got 99999/],
    ['an angle beyond the profile', ['--scan', 'scan.ply', '--points', 'points.json', '--render-angles', '0,120'], 2, /Give angles from -90 to 90 with commas between\./],
    ['an angle that is none', ['--scan', 'scan.ply', '--points', 'points.json', '--render-angles', '0,'], 2, /Give angles from -90 to 90/],
    ['a texture on a .ply', ['--scan', 'scan.ply', '--points', 'points.json', '--texture', 'meshes/example.jpg'], 1, /a texture on .*scan\.ply is not supported; save the mesh as \.glb, with texture coordinates; give a mesh as --scan/],
    ['a texture that is not there', ['--scan', 'scan.ply', '--points', 'points.json', '--texture', 'none.png'], 1, /none\.png.*; give a picture as --texture/],
    ['a texture on a scan without coordinates', ['--scan', 'mean.glb', '--points', 'points.json', '--texture', 'meshes/example.jpg'], 1, /expected texture to have texture coordinates \(TEXCOORD_0\) to be laid over, got none in meshes\[0\]\.primitives\[0\]/],
    ['a radius of 0', ['--scan', 'scan.ply', '--points', 'points.json', '--radius', '0'], 2, /Give a number between 1 and 1000/],
  ])('refuses %s', async (_, args, code, message) => {
    const outcome = await evaluate(...args.map((arg) => (/^[\w]+\.(ply|json|glb)$/.test(arg) ? at(arg) : arg)));
    expect(outcome).toMatchObject({ code, out: '' });
    expect(outcome.err).toMatch(message);
    expect(outcome.err.trim().split('\n').length).toBe(1);
  });

  it.skipIf(ABSENT)(`measures the mean face on a real scan${ABSENT}`, async () => {
    const { meshes: [face], area, scan } = await report('--scan', SCAN, '--points', MARKED, '--unit', '50'), { scaled, unscaled } = face!;
    expect(scan).toEqual({ file: SCAN, vertices: 8839, unit: 50 });
    expect(area.vertices).toBeGreaterThan(1500);
    expect(area.vertices).toBeLessThan(3200); // of 4,271 within the radius: the inside of the mouth does not count
    expect(scaled.scale).toBeGreaterThan(0.9);
    expect(scaled.scale).toBeLessThan(1.25);
    for (const { median, mean: average, deviation, points } of [scaled, unscaled]) {
      expect(median).toBeGreaterThan(0.5);
      expect(average).toBeLessThan(6);
      expect(deviation).toBeLessThan(6);
      expect(points).toBeLessThan(8);
    }
    expect(scaled.mean).toBeLessThan(unscaled.mean + 1e-9);
  });
});
