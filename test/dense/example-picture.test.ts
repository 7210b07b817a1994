import { beforeAll, describe, expect, it } from 'vitest';
import { type ExamplePicture, examplePicture } from '../../src/dense/example-picture.ts';
import { assertBox, assertLandmarks5 } from '../../src/dense/crop-frame.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';

const SIZE = { width: 100, height: 120 };

describe('examplePicture', () => {
  let egg: ReturnType<typeof eggModel>, picture: ExamplePicture;
  beforeAll(async () => {
    await useWasmBackend();
    egg = eggModel();
    picture = examplePicture(egg.decoder.statistics, egg.topology, SIZE);
  });

  it('is the same picture for the same numbers, another for another seed', () => {
    expect(examplePicture(egg.decoder.statistics, egg.topology, SIZE)).toEqual(picture);
    expect(examplePicture(egg.decoder.statistics, egg.topology, { ...SIZE, seed: 12 }).photo.data).not.toEqual(picture.photo.data);
    expect([picture.photo.width, picture.photo.height]).toEqual([100, 120]);
  });

  it('says where the face is: a box that a fit takes, with the points in it', () => {
    assertBox('test', picture.box, 100, 120);
    assertLandmarks5('test', picture.landmarks5, picture.box);
    expect(picture.landmarks5[0]![0]).toBeLessThan(picture.landmarks5[1]![0]); // eyes left to right as they lie in the picture
    expect(picture.landmarks5[2]![1]).toBeLessThan(picture.landmarks5[3]![1]);
    expect(picture.landmarks68).toHaveLength(68);
  });

  it('has noise: neighbours differ on a smooth background', () => {
    const { data } = picture.photo, rough = Array.from({ length: 30 }, (_, x) => Math.abs(data[3 * (x + 1)]! - data[3 * x]!));
    expect(rough.filter((d) => d > 0).length).toBeGreaterThan(15);
    expect(Math.max(...rough)).toBeLessThan(25);
  });
});
