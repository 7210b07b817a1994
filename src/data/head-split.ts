import type { MakeHumanAssets } from './makehuman.ts';

/**
 * Skins that evaluation keeps for itself, each with all its near twins; all others train.
 *
 * Twins differ by less than 3.1 % on the face once both are brought to one tone, which the generator does; the next nearest pair
 * differs by 3.4 %. As they are, three of the pairs differ by 2.6 to 4.1 of 255.
 */
export const HEAD_SPLIT = {
  heldOut: ['old_lightskinned_male_2', 'young_darkskinned_male', 'young_lightskinned_female_2', 'young_lightskinned_female_3'],
  twins: [
    ['middleage_lightskinned_female', 'middleage_lightskinned_female_2'], ['young_lightskinned_female_2', 'young_lightskinned_female_3'],
    ['middleage_lightskinned_male', 'middleage_lightskinned_male_2', 'young_lightskinned_male_2', 'young_lightskinned_male_3'],
  ],
} as const;

/** All skins but those held out. */
export function trainingSkins({ skins }: Pick<MakeHumanAssets, 'skins'>): string[] {
  return [...skins.keys()].filter((name) => !(HEAD_SPLIT.heldOut as readonly string[]).includes(name));
}
