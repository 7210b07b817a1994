import { ArgumentError, UnsupportedError } from '../core/errors.ts';
import { quoteText } from '../io/file-faults.ts';
import type { SafeTensor } from '../io/safetensors.ts';
import { DETECTOR_PRESET_NAMES, type DetectorPreset, resolveDetectorConfig } from './config.ts';
import { detectorParameterShapes } from './detector-graph.ts';

/** What part of a network a file holds. */
export type WeightsPart = 'detector' | 'backbone';

/** Tensors of a file as the network of a preset names them. */
export interface ImportedWeights {
  readonly preset: DetectorPreset;
  /** The whole network, its backbone alone, or `null`: some of the parameters, not all of either. */
  readonly part: WeightsPart | null;
  /** By PyTorch path, in PyTorch's layout: parameters and running statistics as `F32`, counters of batches as they are. */
  readonly tensors: Record<string, SafeTensor>;
  /** Parameters and running statistics among them. */
  readonly parameters: number;
  /** Taken off every name, e.g. `module.`; empty where there was none. */
  readonly prefix: string;
  /** Tensors that the network has no place for; names without the prefix. */
  readonly unused: readonly string[];
  /** Parameters of the part that the file does not have. */
  readonly missing: readonly string[];
}

/** Put before all names by wrappers of PyTorch: data parallelism, `torch.compile`, a module around the network. */
const PREFIXES = ['module.', '_orig_mod.', 'model.', 'net.', 'detector.'] as const;

/** Where networks keep their backbone; ImageNet's files have it without. */
const BODY = 'body.';

const COUNTER = '.num_batches_tracked';

/**
 * Finds the network that tensors belong to, by names and shapes, and gives them its names: a detector as published, or a backbone as
 * trained on ImageNet (torchvision's ResNet, MobileNetV1 x0.25), whose names get `body.` before them.
 *
 * @param preset - `auto`: the preset that takes the most of them, whole detectors first, then whole backbones.
 * @throws {@link UnsupportedError} if no preset has a tensor of these; {@link ArgumentError} for a tensor of another shape, of whole numbers
 * where the network has floating-point ones, or with a number that is not finite.
 */
export function importWeights(given: Readonly<Record<string, SafeTensor>>, preset: DetectorPreset | 'auto' = 'auto', where = 'importWeights'): ImportedWeights {
  const prefix = commonPrefix(Object.keys(given)), names = Object.keys(given).map((name) => name.slice(prefix.length));
  const shapeOf = (name: string): readonly number[] => given[prefix + name]!.shape;
  const fits = (preset === 'auto' ? DETECTOR_PRESET_NAMES : [preset]).flatMap((candidate) => fitsOf(candidate, names, shapeOf)), fit = fits.sort(byFit)[0]!;
  if (fit.fitting === 0) throw new UnsupportedError(where, `a file whose tensors are of none of ${preset === 'auto' ? DETECTOR_PRESET_NAMES.join(', ') : preset} (${names.slice(0, 3).map(quoteText).join(', ')}, ...)`, 'give the weights of one of these, or their backbone\'s');
  const isCounter = (path: string): boolean => path.endsWith(COUNTER) && fit.shapes.has(path.replace(COUNTER, '.running_mean'));
  const tensors: [string, SafeTensor][] = [], unused: string[] = [];
  for (const name of names) {
    const path = fit.before + name, shape = fit.shapes.get(path), tensor = given[prefix + name]!;
    if (shape) tensors.push([path, asParameter(tensor, shape, path, fit.preset, where)]);
    else if (isCounter(path)) tensors.push([path, tensor]);
    else unused.push(name);
  }
  const found = new Set(tensors.map(([path]) => path)), lacks = [...fit.shapes.keys()].filter((path) => !found.has(path));
  // A file without any of the rest is meant to be a backbone.
  const isBody = [...found].every((path) => path.startsWith(BODY)), missing = isBody ? lacks.filter((path) => path.startsWith(BODY)) : lacks;
  const part = missing.length > 0 ? null : isBody ? 'backbone' : 'detector';
  return { preset: fit.preset, part, tensors: Object.fromEntries(tensors), parameters: fit.shapes.size - lacks.length, prefix, unused, missing };
}

function commonPrefix(names: readonly string[]): string {
  let prefix = '';
  for (;;) {
    const next = PREFIXES.map((part) => prefix + part).find((longer) => names.length > 0 && names.every((name) => name.startsWith(longer)));
    if (next === undefined) return prefix;
    prefix = next;
  }
}

interface Fit {
  readonly preset: DetectorPreset;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** What names get before them. */
  readonly before: '' | typeof BODY;
  /** Tensors that have a name and the shape of a parameter. */
  readonly fitting: number;
  /** 2 where they are all parameters, 1 where they are all of the backbone, else 0. */
  readonly whole: 0 | 1 | 2;
}

function fitsOf(preset: DetectorPreset, names: readonly string[], shapeOf: (name: string) => readonly number[]): Fit[] {
  const shapes = detectorParameterShapes(resolveDetectorConfig(preset)), body = [...shapes.keys()].filter((path) => path.startsWith(BODY)).length;
  return (['', BODY] as const).map((before) => {
    const fitting = names.filter((name) => sameShape(shapes.get(before + name), shapeOf(name)));
    const inBody = fitting.filter((name) => (before + name).startsWith(BODY)).length;
    return { preset, shapes, before, fitting: fitting.length, whole: fitting.length === shapes.size ? 2 : inBody === body ? 1 : 0 };
  });
}

// A ResNet-152 holds all names of a ResNet-50: of whole ones the larger.
const byFit = (a: Fit, b: Fit): number => b.whole - a.whole || b.fitting - a.fitting || a.shapes.size - b.shapes.size;

const sameShape = (expected: readonly number[] | undefined, shape: readonly number[]): boolean => expected !== undefined && `${expected}` === `${shape}`;

function asParameter({ shape, data }: SafeTensor, expected: readonly number[], path: string, preset: DetectorPreset, where: string): SafeTensor {
  if (!sameShape(expected, shape)) throw new ArgumentError(where, path, `shape [${expected}], as ${preset} wants it`, `[${shape}]`);
  if (!(data instanceof Float32Array || data instanceof Float64Array)) throw new ArgumentError(where, path, 'floating-point numbers', data.constructor.name);
  const stray = data.findIndex((x) => !Number.isFinite(x));
  if (stray >= 0) throw new ArgumentError(where, `${path}[${stray}]`, 'a finite number (is the file damaged?)', `${data[stray]}`);
  return { dtype: 'F32', shape, data: Float32Array.from(data) };
}
