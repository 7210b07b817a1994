import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeVectors, type VectorIndex } from '../../src/cli/vectors.ts';
import { readSafetensors, type SafeTensor } from '../../src/io/safetensors.ts';
import { chebConv } from '../../src/ops/cheb-conv.ts';
import { chebyshevBasis } from '../../src/ops/chebyshev-basis.ts';
import { createSparseOperator } from '../../src/ops/sparse-operator.ts';
import { type Rendered, renderMesh } from '../../src/renderer/render-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { runHere } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'retinamesh-vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('retinamesh vectors', () => {
  it('writes an index and the files that it names, and says so', async () => {
    const { code, out, err } = await runHere('vectors', '-o', join(folder, 'new'), '--seed', '7', '--json');
    expect([code, err]).toEqual([0, '']);
    const { files, cases } = JSON.parse(out) as { files: string[]; cases: number };
    expect(files.map((path) => path.split('/').at(-1))).toEqual(['graphs.safetensors', 'cheb-sphere.safetensors', 'cheb-fragments.safetensors', 'cheb-point.safetensors', 'render.safetensors', 'index.json']);
    expect(readdirSync(join(folder, 'new')).sort()).toEqual(files.map((path) => path.split('/').at(-1)).sort());
    const index = JSON.parse(readFileSync(join(folder, 'new', 'index.json'), 'utf8')) as VectorIndex;
    expect(index.cases.length).toBe(cases);
    for (const laplacian of ['sym', 'rw', 'combinatorial']) {
      const orders = index.cases.filter(({ settings }) => settings.graph === 'fragments' && settings.laplacian === laplacian && !settings.relu).map(({ settings }) => settings.order);
      expect(orders).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const hashes = (seed: number): [string, string][] => Object.entries(makeVectors(seed).files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]);
    const [first, again, other] = [hashes(1), hashes(1), hashes(2)];
    expect(again).toEqual(first);
    expect(other.map(([name, hash], i) => [name, hash === first[i]![1]])).toEqual(other.map(([name]) => [name, name === 'graphs.safetensors']));
  });

  it('refuses a file in the place of the folder', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, err } = await runHere('vectors', '-o', join(folder, 'file'));
    expect(code).toBe(1);
    expect(err).toMatch(/^retinamesh: --output: expected .*file to have a folder, got a file\n$/);
  });
});

describeOnBackends('the vectors, read again and recomputed through the public operators', () => {
  it('agree within 1e-5', () => expectNoLeak(() => {
    const { index, files } = makeVectors(0);
    const read = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, readSafetensors(bytes).tensors]));
    const single = ({ data }: SafeTensor): Float32Array => Float32Array.from(data as Float64Array);
    let compared = 0;
    for (const { settings, file, tensors, name } of index.cases.filter(({ kind }) => kind === 'chebConv')) {
      const graph = index.graphs.find((one) => one.name === settings.graph)!, csr = graph.laplacians[settings.laplacian as string]!;
      const { rowPtr, colIndex, values } = Object.fromEntries((['rowPtr', 'colIndex', 'values'] as const).map((part) => [part, read[graph.file]![csr[part]]!])) as Record<'rowPtr' | 'colIndex' | 'values', SafeTensor>;
      const given = (array: string): SafeTensor => read[file]![tensors[array]!]!;
      const check = (array: string, actual: tf.Tensor): void => {
        const expected = given(array), data = expected.data as Float64Array;
        expect(actual.shape, `${name} ${array}`).toEqual([...expected.shape]);
        expectClose(actual.dataSync(), data, { rtol: 1e-5, atol: 1e-5 * Math.max(1, ...data.map(Math.abs)) });
        compared++;
      };
      tf.tidy(() => {
        const operator = createSparseOperator({ shape: [graph.vertices, graph.vertices], rowPtr: rowPtr.data as Int32Array, colIndex: colIndex.data as Int32Array, values: values.data as Float64Array });
        const [x, weights, bias, dy, dBasis] = ['x', 'weights', 'bias', 'dy', 'dBasis'].map((array) => tf.tensor(single(given(array)), [...given(array).shape])) as tf.Tensor[];
        const order = settings.order as number, basis = (t: tf.Tensor): tf.Tensor => chebyshevBasis(operator, t as tf.Tensor3D, order);
        const conv = (...[a, b, c]: tf.Tensor[]): tf.Tensor => chebConv(operator, a as tf.Tensor3D, b as tf.Tensor2D, c as tf.Tensor1D, order, { relu: settings.relu as boolean });
        check('basis', basis(x!));
        check('adjoint', tf.grad(basis)(x!, dBasis!));
        check('y', conv(x!, weights!, bias!));
        const [dx, dWeights, dBias] = tf.grads(conv)([x!, weights!, bias!], dy!);
        check('dx', dx!);
        check('dWeights', dWeights!);
        check('dBias', dBias!);
        operator.dispose();
      });
    }
    expect(compared).toBe(6 * 63);
  }));

  it('agree in images and gradients of the render', () => expectNoLeak(() => tf.tidy(() => {
    const { index, files } = makeVectors(0), cases = index.cases.filter(({ kind }) => kind === 'render');
    expect(cases.map(({ name }) => name)).toEqual(['render.srgb', 'render.linear']);
    for (const { settings, file, tensors } of cases) {
      const read = readSafetensors(files[file]!).tensors, given = (array: string): SafeTensor => read[tensors[array]!]!;
      const inputs = ['vertices', 'colors', 'cameras', 'lights'].map((array) => tf.tensor(Float32Array.from(given(array).data as Float64Array), [...given(array).shape]));
      const faces = tf.tensor2d(given('faces').data as Int32Array, [settings.faces as number, 3], 'int32');
      const draw = (...[vertices, colors, cameras, lights]: tf.Tensor[]): Rendered => {
        const part = (t: tf.Tensor, begin: number, size: number): tf.Tensor2D => (t as tf.Tensor2D).slice([0, begin], [2, size]);
        return renderMesh({ vertices: vertices as tf.Tensor3D, colors: colors as tf.Tensor3D, faces },
          { eye: part(cameras!, 0, 3), lookAt: part(cameras!, 3, 3), focalLength: part(cameras!, 6, 1), roll: part(cameras!, 7, 1) },
          { lightPosition: part(lights!, 0, 3), lightColor: part(lights!, 3, 3), ambientColor: part(lights!, 6, 3) },
          { height: settings.height as number, width: settings.width as number, near: settings.near as number, far: settings.far as number, shadingSpace: settings.shadingSpace as 'srgb' });
      };
      const drawn = draw(...inputs), dImage = tf.tensor(Float32Array.from(given('dImage').data as Float64Array), drawn.image.shape);
      expect([...drawn.fragments.faceIndex.dataSync()]).toEqual([...(given('faceIndex').data as Int32Array)]);
      expectClose(drawn.image.dataSync(), given('image').data as Float64Array, { rtol: 1e-5, atol: 2e-5 });
      tf.grads((...t: tf.Tensor[]) => draw(...t).image)(inputs, dImage).forEach((gradient, i) => {
        const expected = given(['dVertices', 'dColors', 'dCameras', 'dLights'][i]!).data as Float64Array;
        expectClose(gradient.dataSync(), expected, { rtol: 1e-3, atol: 1e-5 * Math.max(...expected.map(Math.abs)) });
      });
    }
  })));
});
