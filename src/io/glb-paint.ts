import type { Json, JsonChecker } from './json-checker.ts';

/** What is asked of a base colour, linear. */
export interface GlbPaint {
  readonly factor: readonly [number, number, number];
  readonly texture: GlbTexture | null;
}

/** A texture inside the file and how it is laid on. */
export interface GlbTexture {
  readonly image: Uint8Array;
  readonly texCoord: string;
  readonly wrap: readonly [GlbWrap, GlbWrap];
}

export type GlbWrap = 'repeat' | 'clamp' | 'mirror';

/** Prepares to read base colours: white where a primitive has no material. */
export function createPaintReader({ list, record, index, numbers }: JsonChecker, json: Json, binary: Uint8Array, views: readonly Json[]): (material: unknown, path: string) => GlbPaint {
  const materials = list(json, 'materials'), textures = list(json, 'textures'), images = list(json, 'images'), samplers = list(json, 'samplers');
  const readTexture = (info: Json, path: string): GlbTexture | null => {
    const t = index(info.index, textures.length, `${path}.index`), texture = textures[t]!;
    const source = texture.source ?? ((texture.extensions as Json | undefined)?.EXT_texture_webp as Json | undefined)?.source;
    const image = source === undefined ? undefined : images[index(source, images.length, `textures[${t}].source`)]!;
    // A picture beside the file is not fetched, and a transformed one is not sampled: the factor alone then colours the mesh.
    if (image?.bufferView === undefined || (info.extensions as Json | undefined)?.KHR_texture_transform !== undefined) return null;
    const view = views[index(image.bufferView, views.length, `images[${source}].bufferView`)]!, begin = (view.byteOffset as number | undefined) ?? 0;
    const sampler = texture.sampler === undefined ? {} : samplers[index(texture.sampler, samplers.length, `textures[${t}].sampler`)]!;
    const wrap = (mode: unknown): GlbWrap => (mode === 33071 ? 'clamp' : mode === 33648 ? 'mirror' : 'repeat');
    return { image: binary.subarray(begin, begin + (view.byteLength as number)), texCoord: `TEXCOORD_${index(info.texCoord ?? 0, 16, `${path}.texCoord`)}`, wrap: [wrap(sampler.wrapS), wrap(sampler.wrapT)] };
  };
  const read = (m: number): GlbPaint => {
    const path = `materials[${m}].pbrMetallicRoughness`, pbr = record(materials[m]!.pbrMetallicRoughness ?? {}, path);
    const [r, g, b] = pbr.baseColorFactor === undefined ? [1, 1, 1] : numbers(pbr.baseColorFactor, 4, `${path}.baseColorFactor`);
    return { factor: [r!, g!, b!], texture: pbr.baseColorTexture === undefined ? null : readTexture(record(pbr.baseColorTexture, `${path}.baseColorTexture`), `${path}.baseColorTexture`) };
  };
  const known = new Map<number, GlbPaint>();
  return (material, path) => {
    if (material === undefined) return { factor: [1, 1, 1], texture: null };
    const m = index(material, materials.length, `${path}.material`), paint = known.get(m) ?? read(m);
    known.set(m, paint);
    return paint;
  };
}
