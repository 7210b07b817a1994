import { expect, it } from 'vitest';
import { parseSceneRecord } from '../../src/dense/scene-record.ts';
import { sceneRecord } from '../support/scene-record.ts';

it('brings a scene back number by number', () => {
  const scene = sceneRecord();
  expect(parseSceneRecord(JSON.stringify(scene, null, 2))).toEqual(scene);
  const { roll: _, ...camera } = scene.faces[0]!.camera, level = { ...scene, faces: [{ ...scene.faces[0]!, camera }] };
  expect(parseSceneRecord(JSON.stringify(level)).faces[0]!.camera).not.toHaveProperty('roll');
});

const broken = (path: string, value: unknown): string => {
  const scene = structuredClone(sceneRecord()) as unknown as Record<string, unknown>, keys = path.split('.');
  let at = scene;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1)!] = value;
  return JSON.stringify(scene);
};

it.each([
  ['photo.width', -3, /value at photo.width to have a whole number from 1 to 1000000, got -3/],
  ['photo', [], /photo to have an object, got \[\]/],
  ['model.sha256', 7, /model.sha256 to have text, got 7/],
  ['options.size', 99999, /options.size/],
  ['options.backend', null, /options.backend/],
  ['faces', [], /faces to have at least one face/],
  ['faces.0.latent.5', NaN, /faces\[0\].latent to have only finite numbers/],
  ['faces.0.latent.5', '1', /faces\[0\].latent/],
  ['faces.0.camera.eye', [1, 2], /faces\[0\].camera.eye to have 3 finite numbers, got \[1,2\]/],
  ['faces.0.camera.focalLength', 0, /focalLength to have a positive number, got 0/],
  ['faces.0.camera.roll', 'x', /camera.roll/],
  ['faces.0.illumination.lightColor', undefined, /lightColor to have 3 finite numbers, got nothing/],
  ['faces.0.cropToPhoto.1', [1, 2], /cropToPhoto\[1\] to have 3/],
  ['faces.0.projection', [[1, 2, 3, 4]], /projection to have 3 rows/],
  ['faces.0.landmarks68.67', [1], /landmarks68\[67\]/],
  ['faces.0.losses.pixel', null, /losses.pixel/],
])('names the field %s that is %j', (path, value, message) => expect(() => parseSceneRecord(broken(path, value), 's.json')).toThrow(message));

it('refuses another version and what is no JSON', () => {
  expect(() => parseSceneRecord(broken('version', 2), 's.json')).toThrow(/^s.json: version 2 of a scene file is not supported; this program reads version 1/);
  expect(() => parseSceneRecord('{"a": 1,}', 's.json')).toThrow(/^s.json: expected the text at character 8 to have JSON/);
  expect(() => parseSceneRecord('', 's.json')).toThrow(/JSON/);
  expect(() => parseSceneRecord('[1]', 's.json')).toThrow(/the file to have an object/);
});
