import { expect, it } from 'vitest';
import type { HeadRegistration } from '../../src/data/head-registration.ts';
import { registrationFromTensors, registrationToTensors } from '../../src/data/registration-tensors.ts';
import { readSafetensors, type SafeTensors, writeSafetensors } from '../../src/io/safetensors.ts';

const faces = Int32Array.of(0, 1, 2), registration: HeadRegistration = {
  neutral: Float64Array.of(0, 0, 0, 10, 0, 0, 0, 10.5, 0), corners: Int32Array.of(5, 6, 7, 6, 7, 8, 0, 0, 0), weights: Float32Array.of(0.5, 0.25, 0.25, 1, 0, 0, 0, 0, 0), identity: Float32Array.from({ length: 18 }, (_, i) => i / 4),
  expression: new Float32Array(9).fill(-2), expressionNames: ['jawOpen'], landmarks68: new Int32Array(68).fill(2),
};
const stored = (): SafeTensors => { const { tensors, metadata } = registrationToTensors(registration, faces); return readSafetensors(writeSafetensors(tensors, metadata)); };

it('comes back from a file as it was', () => expect(registrationFromTensors(stored(), faces)).toEqual(registration));

it.each([
  ['another format', (): SafeTensors => ({ ...stored(), metadata: {} }), /reg: expected the metadata at the header to have format retinamesh-registration, as `head register` writes it, got none/],
  ['a tensor missing', (): SafeTensors => { const { weights: _, ...tensors } = stored().tensors; return { ...stored(), tensors }; }, /expected tensor weights at the header to have a place in the file, got none/],
  ['a shape', (): SafeTensors => ({ ...stored(), tensors: { ...stored().tensors, expression: { dtype: 'F16', shape: [1, 9], data: new Float32Array(9) } } }), /expected tensor expression at the header to have shape \[1,3,3\], got \[1,9\]/],
  ['a type', (): SafeTensors => ({ ...stored(), tensors: { ...stored().tensors, corners: { dtype: 'F32', shape: [3, 3], data: new Float32Array(9) } } }), /expected tensor corners at the header to have numbers in a Int32Array, got F32/],
  ['infinity', (): SafeTensors => ({ ...stored(), tensors: { ...stored().tensors, neutral: { dtype: 'F32', shape: [3, 3], data: new Float32Array(9).fill(Infinity) } } }), /expected tensor neutral at the header to have finite numbers, got Infinity at 0/],
  ['a landmark', (): SafeTensors => ({ ...stored(), tensors: { ...stored().tensors, landmarks68: { dtype: 'I32', shape: [68], data: new Int32Array(68).fill(3) } } }), /expected tensor landmarks68 at the header to have integers in \[0, 3\), got 3/],
])('refuses a file with %s wrong', (_, make, message) => {
  expect(() => registrationFromTensors(make(), faces, 'reg')).toThrow(message);
});

it('refuses a file of another topology', () => {
  expect(() => registrationFromTensors(stored(), Int32Array.of(0, 2, 1), 'reg')).toThrow(/reg: expected tensor faces at the header to have the faces of this version's head; register it again, got others/);
});
