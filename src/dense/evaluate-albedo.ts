import type { Random } from '../core/random.ts';
import { albedoAsymmetry, colorDistance, litSideExcess, mirrorColors, pairedVertices } from '../data/albedo-symmetry.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { type AlbedoError, albedoError } from './albedo-error.ts';
import { type FaceFit, fitFace, type FitControl, type FitOptions } from './fit-face.ts';
import { litColors } from './lit-colors.ts';
import { type MarkedFace, mirrorPortrait } from './mirror-portrait.ts';
import type { SceneNumbers } from './scene.ts';
import { seenVertices } from './seen-vertices.ts';
import { mirrorLight, sideLight } from './side-light.ts';
import { type ColoredHead, drawHead, type HeadView, jitterPoints } from './synthetic-scene.ts';

/** Share of the box by which the five points of a drawn face are moved, as in `evaluateScene`. */
const JITTER = 0.02;

/** A picture and its fit. */
export interface FittedPicture {
  readonly photo: PixelImage;
  readonly fit: Pick<FaceFit, 'scene' | 'frame'>;
}

/** A head that is to be drawn and fitted. */
export interface DrawnHead {
  /** Of the model's topology. */
  readonly head: ColoredHead;
  readonly view: HeadView;
  /** Gives background, noise and the error of the five points. */
  readonly random: Random;
  readonly index: number;
}

/** Greatest asymmetry of a side-lit face's fitted albedo that counts as none baked in. */
export const ASYMMETRY_BAR = 0.03;

/** How well the albedo of a drawn face was found. */
export interface AlbedoScore extends AlbedoError {
  readonly index: number;
  /** Of the true light and of the fitted one. */
  readonly side: number;
  readonly fittedSide: number;
}

/** Draws a head under its camera and light, fits it from five points, and compares the albedos where the camera sees the face (mask above 0.5). */
export async function evaluateAlbedo(drawn: DrawnHead, model: FaceModel, options: Partial<FitOptions> = {}, control: FitControl = {}): Promise<AlbedoScore> {
  const { head: { vertices, colors }, view: { camera, illumination }, index } = drawn, { faceMask, faces } = model.topology, { scene } = (await fitDrawn(drawn, model, options, control)).fit;
  const seen = seenVertices({ vertices, faces }, camera).filter((v) => faceMask[v]! > 0.5);
  return { index, side: sideLight(illumination), fittedSide: sideLight(scene.illumination), ...albedoError(albedoOf(scene, model), colors, seen) };
}

/** What one side-lit face shows of light baked into its albedo. Asymmetries are mean |A - mirror(A)|, all of them over the face (mask above 0.5) and its channels. */
export interface LightSwap {
  /** Of the light: the true one where it is known, else the fitted one of the first picture. */
  readonly side: number;
  /** Of the fitted albedos: first picture, light swapped. */
  readonly asymmetry: readonly [first: number, swapped: number];
  /** Of the first fitted face as lit, cut to white: what there was to bake in. */
  readonly litAsymmetry: number;
  /** Mean |A(first) - A(swapped)|; of a photograph, whose face is mirrored with its light, |A(first) - mirror(A(swapped))|: 0 for a fit that treats both sides alike. */
  readonly difference: number;
  /** By how much the lit side is brighter than the other in the albedo, mean of both pictures: see `litSideExcess`. */
  readonly litSideExcess: number;
}

/** {@link LightSwap} of a drawn head. */
export interface HeadSwap extends LightSwap {
  readonly index: number;
  /** Asymmetry of the true albedo: 0 where it was made symmetric. */
  readonly trueAsymmetry: number;
}

/** Fits one head under its light and under the same light from the other side: same camera, points and noise. */
export async function swapHeadLight(drawn: DrawnHead, model: FaceModel, options: Partial<FitOptions> = {}, control: FitControl = {}): Promise<{ swap: HeadSwap; pictures: readonly [FittedPicture, FittedPicture] }> {
  const { head, view, index } = drawn, { topology } = model, side = sideLight(view.illumination);
  const first = await fitDrawn(drawn, model, options, control), second = await fitDrawn({ ...drawn, view: { ...view, illumination: mirrorLight(view.illumination) } }, model, options, control);
  const [a, b] = [first, second].map(({ fit }) => albedoOf(fit.scene, model)) as [Float32Array, Float32Array];
  return {
    swap: { index, trueAsymmetry: albedoAsymmetry(head.colors, topology), ...compareSwapped(first.fit.scene, [a, b], [side, -side], model), difference: colorDistance(a, b, pairedVertices(topology)) },
    pictures: [first, second],
  };
}

/** {@link LightSwap} of a photograph. */
export interface PhotoSwap extends LightSwap {
  readonly file: string;
  /** Fitted side of the light in the mirrored photograph, turned back: equal to `side` for a fit that treats both sides alike. */
  readonly swappedSide: number;
}

/** Compares the fit of a photograph with that of its mirror image, in which the light comes from the other side. */
export async function swapPhotoLight({ file, fit, ...face }: MarkedFace & { readonly file: string; readonly fit: FittedPicture['fit'] }, model: FaceModel, options: Partial<FitOptions> = {}, control: FitControl = {}): Promise<{ swap: PhotoSwap; pictures: readonly [FittedPicture, FittedPicture] }> {
  const mirrored = mirrorPortrait(face), second = await fitFace(mirrored.photo, mirrored, model, options, control), { topology } = model;
  const [a, b] = [fit, second].map(({ scene }) => albedoOf(scene, model)) as [Float32Array, Float32Array], sides = [fit, second].map(({ scene }) => sideLight(scene.illumination)) as [number, number];
  return {
    swap: { file, swappedSide: -sides[1], ...compareSwapped(fit.scene, [a, b], sides, model), difference: colorDistance(a, mirrorColors(b, topology.mirror), pairedVertices(topology)) },
    pictures: [{ photo: face.photo, fit }, { photo: mirrored.photo, fit: second }],
  };
}

/** What one fit alone shows of light baked in: figures as in {@link LightSwap}, the light's side the fitted one. */
export interface BakedLight {
  readonly side: number;
  readonly asymmetry: number;
  readonly litAsymmetry: number;
  readonly litSideExcess: number;
}

/** {@link BakedLight} of a fitted scene. */
export function bakedLight({ latent, illumination }: Pick<SceneNumbers, 'latent' | 'illumination'>, model: FaceModel): BakedLight {
  const { topology } = model, mesh = decodeMesh(model, latent), side = sideLight(illumination);
  return { side, asymmetry: albedoAsymmetry(mesh.colors, topology), litAsymmetry: albedoAsymmetry(litColors(mesh, illumination), topology), litSideExcess: litSideExcess(mesh.colors, topology, model.decoder.statistics.vertices, side) };
}

function compareSwapped(first: SceneNumbers, albedos: readonly [Float32Array, Float32Array], sides: readonly [number, number], model: FaceModel): Omit<LightSwap, 'difference'> {
  const { topology } = model, [a, b] = albedos, excess = (i: 0 | 1): number => litSideExcess(albedos[i], topology, model.decoder.statistics.vertices, sides[i]);
  return { side: sides[0], asymmetry: [albedoAsymmetry(a, topology), albedoAsymmetry(b, topology)], litAsymmetry: bakedLight(first, model).litAsymmetry, litSideExcess: (excess(0) + excess(1)) / 2 };
}

const albedoOf = ({ latent }: SceneNumbers, model: FaceModel): Float32Array => decodeMesh(model, latent).colors;

async function fitDrawn({ head, view, random, index }: DrawnHead, model: FaceModel, options: Partial<FitOptions>, control: FitControl): Promise<FittedPicture> {
  const { photo, box, landmarks5 } = drawHead(head, model.topology, view, random, index), landmarks = jitterPoints(landmarks5, box, JITTER, random.fork('points'));
  return { photo, fit: await fitFace(photo, { box, landmarks }, model, options, control) };
}

/** A light from one side, as a photographer would set it, from -x or +x: its {@link sideLight} lies between 0.2 and 0.6 or so. */
export function randomSideLight(random: Random): HeadView['illumination'] {
  const side = random.uniform() < 0.5 ? -1 : 1, light = random.uniform(0.4, 0.8), ambient = random.uniform(0.25, 0.45), tint = (level: number): number[] => [0, 1, 2].map(() => level * random.uniform(0.92, 1.08));
  return { lightPosition: [side * random.uniform(700, 1800), random.uniform(-100, 800), random.uniform(500, 1400)], lightColor: tint(light), ambientColor: tint(ambient) };
}
