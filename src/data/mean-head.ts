import { ArgumentError } from '../core/errors.ts';
import type { MakeHumanAssets } from './makehuman.ts';

const SEXES = ['male', 'female'], ETHNICITIES = ['african', 'asian', 'caucasian'];

/**
 * The head that the topology is laid out on: young, of all sexes and ethnicities in equal parts; the base mesh alone is no person.
 *
 * @returns `[N, 3]`, decimetres, all vertices of the base mesh; exactly symmetric.
 */
export function meanHead({ base, targets }: MakeHumanAssets): Float64Array {
  const out = Float64Array.from(base.vertices);
  for (const sex of SEXES) {
    for (const ethnicity of ETHNICITIES) {
      const name = `macrodetails/${ethnicity}-${sex}-young`, target = targets.get(name);
      if (!target) throw new ArgumentError('meanHead', 'targets', `an entry ${name}`, `${targets.size} others`);
      target.index.forEach((v, i) => {
        for (let k = 0; k < 3; k++) out[3 * v + k]! += target.delta[3 * i + k]! / (SEXES.length * ETHNICITIES.length);
      });
    }
  }
  return out;
}
