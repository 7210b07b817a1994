import { expect, it } from 'vitest';
import { parseLatent } from '../../src/dense/parse-latent.ts';
import { sceneRecord } from '../support/scene-record.ts';

it.each(['[1, -2.5, 3e-1]', '{"latent": [1, -2.5, 0.3]}', '1 -2.5\n0.3\n', '1, -2.5; .3'])('reads %j', (text) => {
  expect(parseLatent(text, 3)).toEqual(Float32Array.of(1, -2.5, 0.3));
});

it('takes the first face of a scene file', () => {
  const scene = sceneRecord({ latentSize: 5 });
  expect(parseLatent(JSON.stringify(scene), 5)).toEqual(Float32Array.from(scene.faces[0]!.latent));
});

it.each([
  ['1 2', /f: expected the latent at number 3 to have 3 numbers, as the decoder takes, got 2/], ['1 2 3 4', /at number 4 to have 3 numbers.*got 4/], ['', /got 0/],
  ['1 two 3', /at number 2 to have a finite number, got NaN/], ['[1, null, 3]', /number 2 to have a finite number, got null/], ['[1, "2", 3]', /number 2/], ['1 1e39 3', /number 2/],
  ['[1, 2', /JSON, or numbers/], ['{"a": 1}', /an array called latent, got nothing/],
])('refuses %j', (text, message) => expect(() => parseLatent(text, 3, 'f')).toThrow(message));
