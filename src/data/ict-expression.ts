import type { Random } from '../core/random.ts';

/** Expressions with their chance in a free mixture and their greatest strength; `_` stands for a left and a right form. */
const FREE: readonly (readonly [name: string, chance: number, greatest: number])[] = [
  ['cheekPuff_', 0.08, 0.7], ['cheekSquint_', 0.12, 0.8], ['jawForward', 0.08, 0.6], ['jawLeft', 0.06, 0.6], ['jawRight', 0.06, 0.6], ['jawOpen', 0.3, 0.8], ['mouthDimple_', 0.12, 0.8], ['mouthFrown_', 0.15, 0.9],
  ['mouthFunnel', 0.12, 0.8], ['mouthLeft', 0.06, 0.6], ['mouthRight', 0.06, 0.6], ['mouthLowerDown_', 0.12, 0.8], ['mouthPress_', 0.12, 0.8], ['mouthPucker', 0.12, 0.9], ['mouthRollLower', 0.1, 0.7], ['mouthRollUpper', 0.1, 0.7],
  ['mouthShrugLower', 0.12, 0.7], ['mouthShrugUpper', 0.1, 0.7], ['mouthSmile_', 0.2, 0.8], ['mouthStretch_', 0.12, 0.7], ['mouthUpperUp_', 0.12, 0.8], ['noseSneer_', 0.12, 0.8],
];
const BROWS: readonly (readonly [name: string, chance: number, greatest: number])[] = [['browDown_', 0.2, 0.8], ['browInnerUp_', 0.2, 0.9], ['browOuterUp_', 0.15, 0.9]];
/** How a spoken sound shapes an open mouth. */
const SOUNDS = ['mouthFunnel', 'mouthPucker', 'mouthStretch_', 'mouthLowerDown_', 'mouthUpperUp_', 'mouthShrugLower'] as const;
/** Mouth expressions add up linearly: beyond this sum, a pair counting as one, lips run through one another; those of a smile go together and reach further. */
const GREATEST_SUM = { smile: 2.8, other: 1.6 } as const;

/**
 * Draws strengths of ICT-FaceKit's expressions in [0, 1]: half smile, as people do before a camera, a fifth rest, 15 % speak, 15 % mix all; brows and lids on top, with one in 25 closing
 * the eyes. Most are zero. The gaze is drawn elsewhere, so the lids do not follow it (`eyeLook...` stay zero).
 */
export function sampleIctExpression(random: Random): Map<string, number> {
  const out = new Map<string, number>(), kind = random.uniform(), smiles = kind < 0.5, rests = kind >= 0.8, add = (name: string, value: number, apart = 0.06): void => {
    for (const full of name.endsWith('_') ? [`${name}L`, `${name}R`] : [name]) out.set(full, Math.min(1, Math.max(0, (out.get(full) ?? 0) + value + (name.endsWith('_') ? random.normal(0, apart) : 0))));
  };
  const some = (list: typeof FREE, calm: number): void => { for (const [name, chance, greatest] of list) if (random.uniform() < chance) add(name, calm * random.uniform(0, greatest)); };
  if (smiles) addSmile(random, add);
  else if (kind < 0.65) {
    add('jawOpen', random.uniform(0.05, 0.9));
    add(SOUNDS[random.integer(SOUNDS.length)]!, random.uniform(0, 0.8));
  } else if (!rests) some(FREE, 1);
  restrain(out, smiles ? GREATEST_SUM.smile : GREATEST_SUM.other);
  some(BROWS, rests ? 0.4 : 1);
  const lids = random.uniform();
  if (lids < 0.04) add('eyeBlink_', random.uniform(0.9, 1), 0.03);
  else if (lids < 0.15) add('eyeBlink_', random.uniform(0, 0.4), 0.03);
  else if (lids < 0.35) add('eyeWide_', random.uniform(0, 0.7));
  else if (lids < 0.55) add('eyeSquint_', random.uniform(0, 0.8));
  return out;
}

/** From a faint one to a laugh: wide, and the lips off the teeth. */
function addSmile(random: Random, add: (name: string, value: number) => void): void {
  const strength = random.uniform(0.3, 1);
  add('mouthSmile_', strength);
  add('mouthStretch_', strength * random.uniform(0, 0.6));
  add('cheekSquint_', strength * random.uniform(0, 0.7));
  add('mouthDimple_', random.uniform(0, 0.3));
  if (random.uniform() < 0.75) { // with teeth
    add('mouthUpperUp_', strength * random.uniform(0.2, 1));
    add('mouthLowerDown_', strength * random.uniform(0.1, 1));
    add('jawOpen', strength * random.uniform(0, random.uniform() < 0.35 ? 0.45 : 0.2));
  }
  if (random.uniform() < 0.6) add('eyeSquint_', strength * random.uniform(0, 0.5));
}

function restrain(out: Map<string, number>, greatest: number): void {
  const mouth = [...out].filter(([name]) => /^(mouth|jaw|cheekPuff)/.test(name)), sum = mouth.reduce((total, [name, value]) => total + (/_[LR]$/.test(name) ? value / 2 : value), 0);
  for (const [name, value] of mouth) out.set(name, value * Math.min(1, greatest / Math.max(sum, 1e-9)));
}
