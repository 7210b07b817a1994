import { ArgumentError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { vertexNormals } from '../mesh/vertex-normals.ts';
import { createConcavity } from './concavity.ts';
import type { HeadCanvas } from './head-canvas.ts';
import { sampleHair, sampleTone, toneColor } from './head-palette.ts';
import type { HeadSurface } from './head-surface.ts';
import { HEAD_REGIONS, type HeadTopology } from './head-topology.ts';
import type { HeadTraits } from './head-traits.ts';
import type { MakeHumanAssets } from './makehuman.ts';
import { paintEyes } from './paint-eyes.ts';
import { paintFields } from './paint-fields.ts';
import { paintBeard, paintBrows } from './paint-hair.ts';
import { paintMouth } from './paint-mouth.ts';
import { paintShading } from './paint-shading.ts';
import { paintSkin } from './paint-skin.ts';
import { skinColors } from './skin-colors.ts';

/** Colours a head. */
export type HeadPainter = (random: Random, traits: HeadTraits, positions: Float64Array) => { readonly colors: Float32Array; readonly skins: readonly string[] };

/**
 * Prepares a painter: a mixture of skins, mirrored or not, brought to a drawn tone; then all that the skins lack.
 *
 * @param topology - Its face mask is the part of a skin whose mean colour is its tone.
 * @throws {@link ArgumentError} for no skin or one that `assets` lacks.
 */
export function createHeadPainter(assets: MakeHumanAssets, surface: HeadSurface, { faceMask, region }: HeadTopology, names: readonly string[]): HeadPainter {
  const stray = names.find((name) => !assets.skins.has(name));
  if (names.length === 0 || stray !== undefined) throw new ArgumentError('createHeadGenerator', 'skins', `names among ${[...assets.skins.keys()].join(', ')}`, stray ?? 'none');
  const fields = paintFields(surface, region.map((r) => Number(HEAD_REGIONS[r] === 'ear'))), count = fields.part.length, skins = skinColors(assets, names, surface.uvs);
  const mask = Float64Array.from(faceMask, (w, v) => (fields.part[v] === 'skin' && fields.lips[v] === 0 ? w : 0)), total = mask.reduce((a, b) => a + b);
  const hollowOf = createConcavity(surface.faces, count, 8), meanNormals = vertexNormals({ vertices: fields.position, faces: surface.faces }), wideHollow = createConcavity(surface.faces, count, 50)(fields.position, meanNormals);
  return (random, traits, positions) => {
    const tone = sampleTone(random, traits), parts = chooseSkins(random, traits, tone, names), mixed = new Float64Array(3 * count), mean = [0, 0, 0];
    for (const { skin, weight, mirrored } of parts) {
      const from = skins[skin]!;
      for (let v = 0; v < count; v++) {
        const o = 3 * (mirrored ? surface.mirror[v]! : v);
        for (let k = 0; k < 3; k++) mixed[3 * v + k]! += weight * from[o + k]!;
      }
    }
    for (let v = 0; v < count; v++) for (let k = 0; k < 3; k++) mean[k]! += mask[v]! * mixed[3 * v + k]! / total;
    const face = toneColor(random, tone), hair = sampleHair(random, tone, traits.age[2]), contrast = random.uniform(0.7, 1.35);
    // Detail grows with the tone, but not without bound: what a camera saw in dark skin would be blotches on light skin.
    const gain = mean.map((m, k) => contrast * Math.min(face[k]! / m, 1.3)), colors = mixed.map((x, i) => face[i % 3]! + gain[i % 3]! * (x - mean[i % 3]!));
    const canvas: HeadCanvas = { random, traits, fields, colors, tone, face, hair }, normals = vertexNormals({ vertices: positions, faces: surface.faces });
    paintMouth(canvas);
    paintSkin(canvas, hollowOf(positions, normals), wideHollow);
    paintBeard(canvas);
    paintBrows(canvas);
    paintEyes(canvas);
    paintShading(canvas, meanNormals);
    return { colors: Float32Array.from(colors, (x) => Math.min(0.995, Math.max(0.005, x))), skins: parts.map(({ skin }) => names[skin]!) };
  };
}

/** One to three skins, those of the head's sex, age and tone more often. */
function chooseSkins(random: Random, { male, age }: HeadTraits, tone: number, names: readonly string[]): { skin: number; weight: number; mirrored: boolean }[] {
  const fit = names.map((name) => (/(^|_)male/.test(name) === male > 0.5 ? 3 : 1) * (name.startsWith('old') === age[2] > 0.6 ? 2 : 1) * (name.includes('dark') === tone > 0.5 ? 6 : 1));
  const sum = fit.reduce((a, b) => a + b), parts = Array.from({ length: 1 + random.integer(3) }, () => {
    let left = random.uniform() * sum;
    const skin = fit.findIndex((f) => { left -= f; return left < 0; });
    return { skin: Math.max(0, skin), weight: random.uniform(0.15, 1), mirrored: random.uniform() < 0.5 };
  });
  const total = parts.reduce((a, { weight }) => a + weight, 0);
  return parts.map((part) => ({ ...part, weight: part.weight / total }));
}
