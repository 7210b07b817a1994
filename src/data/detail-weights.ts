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

/** One scale of the face: targets for its two ends, on the left and right side where they are apart. */
interface DetailScale {
  /** Per side: the targets at +1 and -1; the second is missing for shapes without an opposite. */
  readonly sides: readonly { readonly plus: string; readonly minus: string | null }[];
  readonly strength: number;
}

/** Sorts the names of detail targets into scales. */
function detailScales(names: Iterable<string>): DetailScale[] {
  const all = new Set(names), scales = new Map<string, { plus: string; minus: string | null }[]>();
  for (const name of [...all].sort()) {
    if (!FOLDERS.includes(name.split('/')[0]!) || LEFT_OUT.test(name)) continue;
    const cut = name.lastIndexOf('-'), stem = name.slice(0, cut), word = name.slice(cut + 1);
    const pair = OPPOSITES.find((words) => words.includes(word) && words.every((w) => all.has(`${stem}-${w}`)));
    if (pair && word === pair[1]) continue;
    const key = name.replace(/\/[lr]-/, '/');
    scales.set(key, [...scales.get(key) ?? [], { plus: name, minus: pair ? `${stem}-${pair[1]}` : null }]);
  }
  return [...scales].map(([key, sides]) => ({ sides, strength: STRENGTH.find(([pattern]) => pattern.test(key))?.[1] ?? 0.3 }));
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
    for (const { sides, strength } of scales) {
      const shared = clampNormal(random, amount * strength);
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
