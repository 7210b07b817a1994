import { expect, it } from 'vitest';
import { parseLatent } from '../../src/dense/parse-latent.ts';
import { sceneRecord } from '../support/scene-record.ts';

it.each(['[1, -2.5, 3e-1]', '{"latent": [1, -2.5, 0.3]}', '1 -2.5\n0.3\n', '1, -2.5; .3'])('reads %j', (text) => {
  expect(parseLatent(text, 3)).toEqual(Float32Array.of(1, -2.5, 0.3));
});

it('takes a face of a scene file, the first unless told otherwise', () => {
  const scene = sceneRecord({ latentSize: 5 }), [first] = scene.faces, second = { ...first!, latent: [5, 4, 3, 2, 1] };
  const text = JSON.stringify({ ...scene, faces: [first, second] });
  expect(parseLatent(text, 5)).toEqual(Float32Array.from(first!.latent));
  expect(parseLatent(text, 5, 'f', 2)).toEqual(Float32Array.from(second.latent));
  expect(() => parseLatent(text, 5, 'f', 3)).toThrow('f: expected face to have a number from 1 to 2, got 3');
  expect(() => parseLatent(JSON.stringify(scene), 5, 'f', 2)).toThrow('f: expected face to have the number 1, the scene has one, got 2');
});

it.each([
  ['1 2', /f: expected the latent at number 3 to have 3 numbers, as the decoder takes, got 2/], ['1 2 3 4', /at number 4 to have 3 numbers.*got 4/], ['', /got 0/],
  ['1 two 3', /at number 2 to have a finite number, got NaN/], ['[1, null, 3]', /number 2 to have a finite number, got null/], ['[1, "2", 3]', /number 2/], ['1 1e39 3', /number 2/],
  ['[1, 2', /JSON, or numbers/], ['{"a": 1}', /an array called latent, got nothing/],
])('refuses %j', (text, message) => expect(() => parseLatent(text, 3, 'f')).toThrow(message));
