import { ArgumentError } from '../core/errors.ts';
import { createRandom } from '../core/random.ts';
import type { SafeTensors } from '../io/safetensors.ts';
import { initialState, type StateDict, stateShapes } from '../nn/state-dict.ts';
import { DETECTOR_PRESET_NAMES, DETECTOR_PRESETS, type DetectorConfig, type DetectorPreset, resolveDetectorConfig } from './config.ts';
import { Detector, type DetectorForm } from './detector.ts';
import { detectorGraph } from './detector-graph.ts';

/** A state dict out of a safetensors file with PyTorch's names, shapes and layout; whole numbers that count batches are left out. */
export function stateFromTensors({ tensors }: Pick<SafeTensors, 'tensors'>): StateDict {
  const entries = Object.entries(tensors).filter(([path]) => !path.endsWith('.num_batches_tracked'));
  return Object.fromEntries(entries.map(([path, { shape, data }]) => {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) throw new ArgumentError('stateFromTensors', path, 'floating-point numbers', data.constructor.name);
    return [path, { shape, data: Float32Array.from(data) }];
  }));
}

/** The preset whose parameters a state dict holds, by their names and shapes; `null` if it is none, or not all of one. */
export function recognizePreset(state: StateDict): DetectorPreset | null {
  return DETECTOR_PRESET_NAMES.find((preset) => {
    const shapes = stateShapes(detectorGraph(DETECTOR_PRESETS[preset]).graph);
    return shapes.size === Object.keys(state).length && [...shapes].every(([path, shape]) => `${state[path]?.shape}` === `${shape}`);
  }) ?? null;
}

/**
 * A detector out of a file's tensors.
 *
 * @param preset - Which network they are of; `null` to recognise it.
 * @throws {@link ArgumentError} if they are of none, or not of this one.
 */
export function detectorFromTensors(tensors: Pick<SafeTensors, 'tensors'>, preset: DetectorPreset | null = null, form: DetectorForm = 'folded'): Detector {
  const state = stateFromTensors(tensors), found = preset ?? recognizePreset(state);
  if (!found) throw new ArgumentError('detectorFromTensors', 'tensors', `the parameters of one of ${DETECTOR_PRESET_NAMES.join(', ')}`, `${Object.keys(state).length} others, e.g. ${Object.keys(state)[0] ?? 'none'}`);
  return new Detector(resolveDetectorConfig(found), state, form);
}

/**
 * A detector to begin training with.
 *
 * @param seed - Of the numbers that `state` does not have.
 * @param state - Numbers of a part of it, e.g. a backbone's; they take the place of the drawn ones.
 */
export function createDetector(config: DetectorConfig, seed: number, state: StateDict = {}, form: DetectorForm = 'training'): Detector {
  return new Detector(config, { ...initialState(detectorGraph(config).graph, createRandom(seed)), ...state }, form);
}
