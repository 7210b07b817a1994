import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { GradientCheck } from '../../src/kernels/vectors/check-reference.ts';
import type { SilhouetteCheck } from '../../src/kernels/vectors/check-silhouettes.ts';
import { largestOf, relativeError } from '../../src/kernels/vectors/relative-error.ts';
import { runHere } from '../support/command-line.ts';

const NAMES = [
  ...['camera.eye', 'camera.lookAt'].flatMap((name) => [...'xyz'].map((axis) => `${name}.${axis}`)), 'camera.focalLength', 'camera.roll',
  ...[...'xyz'].map((axis) => `illumination.lightPosition.${axis}`), ...['lightColor', 'ambientColor'].flatMap((name) => [...'rgb'].map((part) => `illumination.${name}.${part}`)),
  'mesh.vertices', 'mesh.colors',
];

describe.each(['wasm', 'cpu'])('retinamesh gradcheck on %s', (backend) => {
  it('finds every number of camera and light, vertices and colours within the bounds', async () => {
    const { code, out } = await runHere('gradcheck', '--backend', backend, '--json');
    const report = JSON.parse(out) as Record<'checks' | 'reference', GradientCheck[]> & { backend: string };
    expect([code, report.backend]).toEqual([0, backend]);
    for (const [list, bound] of [[report.checks, 1e-3], [report.reference, 1e-6]] as const) {
      expect(list.map(({ name }) => name)).toEqual(NAMES);
      for (const { name, maxRelativeError } of list) expect(maxRelativeError, name).toBeLessThanOrEqual(bound);
      expect(Math.max(...list.map(({ maxRelativeError }) => maxRelativeError))).toBeGreaterThan(0);
    }
  });

  it('finds the gradient through visibility within its bounds, and says no where its adjoint in the vertices is missing', async () => {
    const { code, out } = await runHere('gradcheck', '--backend', backend, '--edges', 'antialias', '--json');
    const { checks, silhouettes } = JSON.parse(out) as { checks: GradientCheck[]; silhouettes: SilhouetteCheck[] };
    expect([code, checks.map(({ name }) => name)]).toEqual([0, NAMES]);
    for (const { name, maxRelativeError } of checks) expect(maxRelativeError, name).toBeLessThanOrEqual(1e-3);
    expect(silhouettes).toHaveLength(20);
    for (const { name, relativeError, cosine } of silhouettes) expect([name, relativeError <= 0.1, cosine >= 0.98]).toEqual([name, true, true]);
    const right = tf.getGradient('AntialiasEdges')!;
    tf.unregisterGradient('AntialiasEdges');
    tf.registerGradient({ ...right, gradFunc: (...args) => { const gradients = right.gradFunc(...args); return { ...gradients, vertices: () => gradients.vertices!().mul(0) }; } });
    try {
      expect(await runHere('gradcheck', '--backend', backend, '--edges', 'antialias')).toMatchObject({ code: 1, out: expect.stringContaining('9 outside the bounds') });
    } finally {
      tf.unregisterGradient('AntialiasEdges');
      tf.registerGradient(right);
    }
  });

  it('says no and exits 1 where a gradient is off by a hundredth', async () => {
    const right = tf.getGradient('ShadeFragments')!;
    tf.unregisterGradient('ShadeFragments');
    tf.registerGradient({ ...right, gradFunc: (...args) => { const gradients = right.gradFunc(...args); return { ...gradients, lights: () => gradients.lights!().mul(1.01) }; } });
    try {
      const { code, out } = await runHere('gradcheck', '--backend', backend);
      expect(code).toBe(1);
      expect(out).toMatch(/illumination\.lightColor\.r +9\.9e-3/);
      expect(out).toContain('9 outside the bounds');
      expect((await runHere('doctor', '--backend', backend)).code).toBe(1);
    } finally {
      tf.unregisterGradient('ShadeFragments');
      tf.registerGradient(right);
    }
    const { code, out } = await runHere('doctor', '--backend', backend, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as { backends: { gradientError: number }[] }).backends[0]!.gradientError).toBeLessThan(1e-3);
  });
});

it('relativeError holds small entries to a share of the large ones and lets no NaN pass', () => {
  expect(relativeError([1.1, 0.001], [1, 0], largestOf([1, 0]))).toBe(1);
  expect(relativeError([-1], [1], 1)).toBe(2);
  expect(relativeError([NaN], [1], 1)).toBe(Infinity);
  expect(relativeError([0], [0], 0)).toBe(0);
  expect(relativeError([1e-9], [0], 0)).toBe(1);
});
