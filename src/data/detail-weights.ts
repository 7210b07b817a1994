import type { Random } from '../core/random.ts';
import { clampNormal } from './head-traits.ts';

const FOLDERS = ['cheek', 'chin', 'ears', 'eyebrows', 'eyes', 'forehead', 'head', 'mouth', 'nose'];
/** Words for the two ends of one scale. */
const OPPOSITES = [['incr', 'decr'], ['up', 'down'], ['in', 'out'], ['convex', 'concave'], ['forward', 'backward'], ['compress', 'uncompress']];
/** They move or turn the whole head or tear a part off it; alignment would undo most of it. */
const LEFT_OUT = /head-trans|head-angle|head-age|head-back|ear-(flap|shape|wing)/;
/** Sizes of targets that are far stronger than the rest. */
const STRENGTH: readonly (readonly [RegExp, number])[] = [
  [/^head\/head-(scale|fat)/, 0.25], [/^head\//, 0.18], [/eyes\/.*(scale|trans|push)/, 0.3], [/mouth\/mouth-(trans|scale)/, 0.3], [/nose\/nose-(trans|scale|volume|point-up)/, 0.35], [/^nose\//, 0.26], [/^ears\//, 0.3],
];

/**
 * Means of scales, in deviations: MakeHuman's mean adult has its eyes too close together, too high above the mouth, and a small
 * mouth. Found by hand between a ridge solution for the landmarks of the mean scan of ICT-FaceKit (Li et al., "Learning formation of
 * physically-based face attributes", CVPR 2020), whose face at rest has its mouth 1.07 eye distances below the eyes and 0.78 wide,
 * and the detector's points on official portraits, which smile: nose tip 0.60, mouth 0.97 below the eyes and 0.97 wide.
 */
const MEANS: Readonly<Record<string, number>> = {
  'eyes/l-eye-trans-up': -1.2, 'eyes/l-eye-trans-in': -0.6, 'mouth/mouth-trans-up': 1.4, 'mouth/mouth-scale-horiz-incr': 0.7, 'mouth/mouth-lowerlip-width-incr': 0.7, 'mouth/mouth-scale-depth-incr': 0.5,
  'nose/nose-point-up': 0.2, 'nose/nose-scale-depth-incr': 0.65, 'nose/nose-curve-convex': 0.4, 'nose/nose-hump-incr': 0.3,
};

/** One scale of the face: targets for its two ends, on the left and right side where they are apart. */
interface DetailScale {
  /** Per side: the targets at +1 and -1; the second is missing for shapes without an opposite. */
  readonly sides: readonly { readonly plus: string; readonly minus: string | null }[];
  readonly strength: number;
  /** In deviations. */
  readonly mean: number;
}

/** Sorts the names of detail targets into scales. */
export function detailScales(names: Iterable<string>): DetailScale[] {
  const all = new Set(names), scales = new Map<string, { plus: string; minus: string | null }[]>();
  for (const name of [...all].sort()) {
    if (!FOLDERS.includes(name.split('/')[0]!) || LEFT_OUT.test(name)) continue;
    const cut = name.lastIndexOf('-'), stem = name.slice(0, cut), word = name.slice(cut + 1);
    const pair = OPPOSITES.find((words) => words.includes(word) && words.every((w) => all.has(`${stem}-${w}`)));
    if (pair && word === pair[1]) continue;
    const key = name.replace(/\/[lr]-/, '/');
    scales.set(key, [...scales.get(key) ?? [], { plus: name, minus: pair ? `${stem}-${pair[1]}` : null }]);
  }
  return [...scales].map(([key, sides]) => ({ sides, strength: STRENGTH.find(([pattern]) => pattern.test(key))?.[1] ?? 0.3, mean: MEANS[sides[0]!.plus] ?? 0 }));
}

/**
 * Prepares draws of detail targets: each scale normal about 0, cut at 1, left and right alike up to a tenth; now and then a
 * crooked face (`asym` targets).
 *
 * @param names - All target names.
 */
export function createDetailSampler(names: Iterable<string>): (random: Random, amount: number) => Map<string, number> {
  const all = [...names], scales = detailScales(all), crooked = all.filter((name) => name.startsWith('asym/asym-')).sort();
  return (random, amount) => {
    const out = new Map<string, number>();
    for (const { sides, strength, mean } of scales) {
      const shared = mean * strength + clampNormal(random, amount * strength);
      for (const { plus, minus } of sides) {
        const value = Math.min(1, Math.max(-1, shared + (sides.length > 1 ? random.normal(0, 0.1 * amount * strength) : 0)));
        if (value > 0) out.set(plus, value);
        else if (minus) out.set(minus, -value);
      }
    }
    for (let i = 0; i < 3; i++) out.set(crooked[random.integer(crooked.length)]!, amount * random.uniform(0, 0.35));
    return out;
  };
}
