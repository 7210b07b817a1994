import { WebIO } from '@gltf-transform/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cropCamera } from '../../src/dense/crop-camera.ts';
import { applyAffine, cropToPhoto } from '../../src/dense/crop-frame.ts';
import { writeGlb } from '../../src/io/glb.ts';
import { icosphere } from '../support/meshes.ts';

const { vertices: unit, faces } = icosphere(2), vertices = Float64Array.from(unit, (x, i) => x * [70, 95, 80][i % 3]! + [3, -10, 5][i % 3]!);

/** A projection into the photo from eye, look-at point, roll and focal length, by the textbook. */
function projectionOf(eye: number[], lookAt: number[], roll: number, focalPixels: number, size: number, toPhoto: ReturnType<typeof cropToPhoto>): number[][] {
  const sub = (a: number[], b: number[]): number[] => a.map((x, k) => x - b[k]!), norm = (a: number[]): number[] => a.map((x) => x / Math.hypot(...a));
  const cross = (a: number[], b: number[]): number[] => [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
  const forward = norm(sub(lookAt, eye)), right0 = norm(cross(forward, [0, 1, 0])), up0 = cross(right0, forward);
  const right = right0.map((x, k) => Math.cos(roll) * x + Math.sin(roll) * up0[k]!), up = up0.map((x, k) => Math.cos(roll) * x - Math.sin(roll) * right0[k]!);
  const row = (axis: number[]): number[] => [...axis, -axis.reduce((s, x, k) => s + x * eye[k]!, 0)];
  const [x, y, z] = [row(right), row(up), row(forward)];
  const crop = [x.map((a, k) => focalPixels * a + (size / 2) * z[k]!), y.map((a, k) => -focalPixels * a + (size / 2) * z[k]!)];
  return [...toPhoto.map(([a, b, c]) => z.map((zk, k) => a * crop[0]![k]! + b * crop[1]![k]! + c * zk)), z];
}

const apply = (p: readonly (readonly number[])[], x: ArrayLike<number>): number[] => p.map((row) => row[0]! * x[0]! + row[1]! * x[1]! + row[2]! * x[2]! + row[3]!);

it('overlays the crop within 0.5 pixels when a glTF viewer uses the camera, for any pose, roll of camera and crop', async () => {
  await fc.assert(fc.asyncProperty(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -0.8, max: 0.8, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), async (yaw, pitch, roll, cropRoll) => {
    const size = 256, lookAt = [4, -8, 60], toPhoto = cropToPhoto({ center: [410, 220], side: 333, roll: cropRoll }, size);
    const eye = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)].map((d, k) => lookAt[k]! + 900 * d);
    const projection = projectionOf(eye, lookAt, roll, 9 * size / 2, size, toPhoto).map((row) => row.map((x) => 3.7 * x)); // its scale means nothing
    const glb = await writeGlb({ vertices, faces, camera: cropCamera(projection, toPhoto, size, vertices) });
    // From here on as a viewer does: world matrices of the nodes, OpenGL's projection, pixels of a square canvas.
    const nodes = (await new WebIO().readBinary(glb)).getRoot().listNodes(), cameraNode = nodes.find((node) => node.getCamera())!, meshNode = nodes.find((node) => node.getMesh())!;
    const m = cameraNode.getWorldMatrix(), camera = cameraNode.getCamera()!, [s] = meshNode.getWorldScale();
    const position = meshNode.getMesh()!.listPrimitives()[0]!.getAttribute('POSITION')!, cot = 1 / Math.tan(camera.getYFov() / 2);
    let worst = 0;
    for (let v = 0; v < position.getCount(); v++) {
      const p = position.getElement(v, []).map((x, k) => x * s - m[12 + k]!);
      const seen = [0, 1, 2].map((axis) => p[0]! * m[4 * axis]! + p[1]! * m[4 * axis + 1]! + p[2]! * m[4 * axis + 2]!);
      const inCrop = [(1 + (cot / camera.getAspectRatio()!) * seen[0]! / -seen[2]!) * size / 2, (1 - cot * seen[1]! / -seen[2]!) * size / 2] as const;
      expect(-seen[2]!).toBeGreaterThan(camera.getZNear());
      expect(-seen[2]!).toBeLessThan(camera.getZFar());
      const [uw, vw, w] = apply(projection, vertices.subarray(3 * v, 3 * v + 3)), inPhoto = applyAffine(toPhoto, inCrop);
      const perPixel = 333 / size;
      worst = Math.max(worst, Math.hypot(inPhoto[0] - uw! / w!, inPhoto[1] - vw! / w!) / perPixel);
    }
    expect(worst).toBeLessThan(0.01);
  }), { numRuns: 25, seed: 4 });
});

it('refuses projections that a glTF camera cannot overlay', () => {
  const size = 100, toPhoto = cropToPhoto({ center: [50, 50], side: 100, roll: 0 }, size), good = projectionOf([0, 0, 900], [0, 0, 0], 0, 450, size, toPhoto);
  expect(() => cropCamera(good, toPhoto, size, vertices)).not.toThrow();
  const off = good.map((row, i) => (i === 0 ? row.map((x, k) => x + 5 * good[2]![k]!) : row));
  expect(() => cropCamera(off, toPhoto, size, vertices)).toThrow(/cropCamera: expected projection to have square pixels and an axis through the centre of the crop, got a shift of 5/);
  const wide = good.map((row, i) => (i === 0 ? row.map((x, k) => 1.1 * (x - 50 * good[2]![k]!) + 50 * good[2]![k]!) : row));
  expect(() => cropCamera(wide, toPhoto, size, vertices)).toThrow(/skew/);
  expect(() => cropCamera(good, toPhoto, size, [0, 0, 950])).toThrow(/places before the camera/);
});
