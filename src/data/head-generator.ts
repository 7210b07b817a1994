import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { Random } from '../core/random.ts';
import { csrTimesDense } from '../sparse/csr-times-dense.ts';
import { alignRigidly } from './align-rigidly.ts';
import { buildHeadTopology, type HeadMarks } from './build-head-topology.ts';
import { createDetailSampler } from './detail-weights.ts';
import { expressionWeights, REST, sampleExpression } from './expression-weights.ts';
import { toHeadFrame } from './head-frame.ts';
import { createHeadPainter } from './head-painter.ts';
import { HEAD_PARTS } from './head-half.ts';
import { buildHeadSurface, type HeadSurface } from './head-surface.ts';
import { type Head, HEAD_SAMPLE_DEFAULTS, type HeadSampler } from './head-sampler.ts';
import { HEAD_REGIONS, type HeadTopology } from './head-topology.ts';
import { trainingSkins } from './head-split.ts';
import { type HeadTraits, sampleTraits } from './head-traits.ts';
import { macroWeights } from './macro-weights.ts';
import type { MakeHumanAssets } from './makehuman.ts';
import { meanHead } from './mean-head.ts';
import { turnEyes } from './turn-eyes.ts';
import { createMorphProjector, type SurfaceMorph } from './surface-morphs.ts';

/** Options of {@link createHeadGenerator}. */
export interface HeadGeneratorOptions {
  /** Names of the skins to draw from; `null` is all that `HEAD_SPLIT` does not hold out. */
  readonly skins: readonly string[] | null;
  /** What the heads that it draws are multiplied by; those that it finishes keep their size. */
  readonly scale: number;
}

export const HEAD_GENERATOR_DEFAULTS: HeadGeneratorOptions = { skins: null, scale: 1 };

/** Draws heads from MakeHuman's morphs and skins, and finishes those of other shapes. */
export interface HeadGenerator extends HeadSampler {
  /** `[V]` positions in `HEAD_PARTS`, and 1 on the lid margins and inner lips. */
  readonly part: Uint8Array;
  readonly rim: Uint8Array;
  /** What a target adds, for those who build their own heads. @throws ArgumentError for an unknown name. */
  morph(name: string): SurfaceMorph;
  /**
   * The head that positions of this topology make: a gaze is drawn, the head aligned, colours drawn for the traits.
   *
   * @param positions - `[V, 3]` millimetres; changed in place.
   */
  finish(random: Random, traits: HeadTraits, positions: Float64Array): Head;
}

/**
 * Prepares a generator from the MakeHuman folder's contents; about two seconds, then some 10 ms a head.
 *
 * @throws {@link ArgumentError} for a skin that `assets` lacks, or none, or a scale that is not positive.
 */
export function createHeadGenerator(assets: MakeHumanAssets, options: Partial<HeadGeneratorOptions> = {}): HeadGenerator {
  const where = 'createHeadGenerator', { skins, scale } = resolveOptions(where, HEAD_GENERATOR_DEFAULTS, options);
  if (!(scale > 0 && scale < Infinity)) throw new ArgumentError(where, 'scale', 'a positive number', `${scale}`);
  const mean = meanHead(assets), surface = buildHeadSurface(assets.base, mean), project = createMorphProjector(surface), morphs = new Map<string, SurfaceMorph>();
  const morph = (name: string): SurfaceMorph => {
    let found = morphs.get(name);
    if (!found) {
      const target = assets.targets.get(name);
      if (!target) throw new ArgumentError(where, 'target', `one of MakeHuman's ${assets.targets.size} names`, name);
      morphs.set(name, found = project(target));
    }
    return found;
  };
  const reference = toHeadFrame(surface.mean), topology = buildHeadTopology(surface, headMarks(surface.part.length, morph));
  const base = toHeadFrame(csrTimesDense(surface.matrix, assets.base.vertices, 3));
  placeTeeth(surface, base);
  placeTeeth(surface, reference);
  const weights = alignmentWeights(topology, reference), details = createDetailSampler(assets.targets.keys()), paint = createHeadPainter(assets, surface, topology, skins ?? trainingSkins(assets));
  const eyeballs = [1, -1].map((side) => Int32Array.from([...surface.part.keys()].filter((v) => HEAD_PARTS[surface.part[v]!] === 'eyeball' && side * reference[3 * v]! > 0)));
  const finish = (random: Random, traits: HeadTraits, positions: Float64Array): Head => {
    turnEyes(positions, eyeballs, random);
    alignRigidly(positions, reference, weights);
    return { vertices: Float32Array.from(positions), ...paint(random, traits, positions) };
  };
  return {
    topology, reference, part: surface.part, rim: surface.rim, morph, finish,
    sample(random, given = {}) {
      const { detail, expression } = resolveOptions('HeadGenerator.sample', HEAD_SAMPLE_DEFAULTS, given);
      const traits = sampleTraits(random), positions = base.slice();
      const sets = [macroWeights(traits), details(random, detail)];
      if (expression) sets.push(expressionWeights(sampleExpression(random), traits.ethnicity, assets.targets));
      else sets.push(expressionWeights(REST, traits.ethnicity, assets.targets));
      for (const set of sets) {
        for (const [name, weight] of set) {
          const { index, delta } = morph(name);
          for (let i = 0; i < index.length; i++) for (let k = 0; k < 3; k++) positions[3 * index[i]! + k]! += weight * delta[3 * i + k]!;
        }
      }
      for (let i = 0; i < positions.length; i++) positions[i]! *= scale;
      return finish(random, traits, positions);
    },
  };
}

function headMarks(count: number, morph: (name: string) => SurfaceMorph): HeadMarks {
  const upperLip = new Uint8Array(count).fill(1), ear = new Uint8Array(count), open = morph('expression/units/caucasian/mouth-open');
  open.index.forEach((v, i) => { if (open.delta[3 * i + 1]! < -4) upperLip[v] = 0; });
  for (const side of ['l', 'r']) {
    const { index, delta } = morph(`ears/${side}-ear-wing-incr`);
    index.forEach((v, i) => { if (Math.hypot(delta[3 * i]!, delta[3 * i + 1]!, delta[3 * i + 2]!) > 2) ear[v] = 1; });
  }
  return { upperLip, ear };
}

/** Where the whole face but the mouth counts; eyeballs turn, so they do not. */
function alignmentWeights({ faceMask, region }: HeadTopology, reference: Float64Array): Float64Array {
  const skin = ['skin', 'brow'].map((name) => HEAD_REGIONS.indexOf(name as 'skin'));
  return Float64Array.from(faceMask, (w, v) => {
    const mouth = Math.hypot(reference[3 * v]! / 1.4, reference[3 * v + 1]! + 50) < 24 || reference[3 * v + 1]! < -45;
    return skin.includes(region[v]!) && !mouth ? w : 0;
  });
}

/** How far the teeth are moved down and back, and the edges of the upper ones further down than their roots, mm. */
const TEETH = { upper: { down: 2, back: 2.5, longer: 4.5 }, lower: { down: 3.5, back: 4.5, longer: 0 } } as const;

/**
 * MakeHuman's teeth touch the lips and end where these meet. Moved back, the upper ones reach as far below that line as a smile draws
 * the lower lip down, which is what fills the mouth in one; the lower stand behind them.
 */
function placeTeeth({ part }: HeadSurface, positions: Float64Array): void {
  for (const jaw of ['upper', 'lower'] as const) {
    const own = [...part.keys()].filter((v) => HEAD_PARTS[part[v]!] === `${jaw} teeth`), heights = own.map((v) => positions[3 * v + 1]!), low = Math.min(...heights), high = Math.max(...heights);
    const { down, back, longer } = TEETH[jaw];
    for (const v of own) {
      const y = positions[3 * v + 1]!;
      positions[3 * v + 1] = y - down - longer * (high - y) / (high - low);
      positions[3 * v + 2]! -= back;
    }
  }
}
