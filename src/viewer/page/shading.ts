import * as THREE from 'three';
import type { ViewerData } from '../viewer-data.ts';

/**
 * The renderer's shading as shaders, all of it in sRGB, with no tone mapping and no conversion on the way to the canvas:
 * `color = albedo (ambient + light max(0, n . l))`, n the interpolated normal made unit length again, l towards the point light.
 */
const VERTEX = `
uniform mat4 clip;
in vec3 position;
in vec3 normal;
in vec3 color;
in float weight;
out vec3 place;
out vec3 direction;
out vec3 albedo;
out float face;
void main() {
  face = weight;
  place = position;
  direction = normal;
  albedo = color;
  gl_Position = clip * vec4(position, 1.0);
}`;

const FRAGMENT = `
precision highp float;
uniform vec3 lightPosition;
uniform vec3 lightColor;
uniform vec3 ambientColor;
uniform bool lit;
uniform float opacity;
uniform bool faceOnly;
in float face;
in vec3 place;
in vec3 direction;
in vec3 albedo;
out vec4 pixel;
void main() {
  if (faceOnly && face < 0.5) discard;
  vec3 n = direction / max(length(direction), 1e-12);
  vec3 l = lightPosition - place;
  vec3 light = ambientColor + lightColor * max(0.0, dot(n, l / max(length(l), 1e-12)));
  pixel = vec4(clamp(lit ? albedo * light : albedo, 0.0, 1.0), opacity);
}`;

/** Lines are drawn a little nearer than the faces that they border. */
const LINE_VERTEX = `
uniform mat4 clip;
in vec3 position;
in float weight;
out float face;
void main() {
  face = weight;
  gl_Position = clip * vec4(position, 1.0);
  gl_Position.z -= 4e-4 * gl_Position.w;
}`;

const LINE_FRAGMENT = `
precision highp float;
uniform vec4 lineColor;
uniform bool faceOnly;
in float face;
out vec4 pixel;
void main() {
  if (faceOnly && face < 0.5) discard;
  pixel = lineColor;
}`;

const PHOTO_VERTEX = `
uniform mat4 clip;
in vec3 position;
in vec2 uv;
out vec2 at;
void main() {
  at = uv;
  gl_Position = clip * vec4(position, 1.0);
  gl_Position.z = 0.0;
}`;

const PHOTO_FRAGMENT = `
precision highp float;
uniform sampler2D photo;
in vec2 at;
out vec4 pixel;
void main() { pixel = vec4(texture(photo, at).rgb, 1.0); }`;

const shader = (vertexShader: string, fragmentShader: string, uniforms: Record<string, THREE.IUniform>, rest: THREE.ShaderMaterialParameters = {}): THREE.RawShaderMaterial =>
  new THREE.RawShaderMaterial({ glslVersion: THREE.GLSL3, vertexShader, fragmentShader, uniforms, ...rest });

/** What all materials share: written once a frame. */
export interface SharedUniforms {
  readonly clip: THREE.IUniform<THREE.Matrix4>;
  readonly lit: THREE.IUniform<boolean>;
  readonly opacity: THREE.IUniform<number>;
  /** What the face mask leaves out is not drawn. */
  readonly faceOnly: THREE.IUniform<boolean>;
}

/** The materials of a page. The renderer culls no faces, so neither do they. */
export function createMaterials(shared: SharedUniforms, { illumination }: ViewerData, photo: THREE.Texture) {
  const vector = (v: readonly number[]): THREE.IUniform => ({ value: new THREE.Vector3(...v) });
  const { lightPosition, lightColor, ambientColor } = illumination;
  const face = { ...shared, lightPosition: vector(lightPosition), lightColor: vector(lightColor), ambientColor: vector(ambientColor) };
  return {
    /** Depth alone, so that a translucent mesh shows its front only. */
    depth: shader(VERTEX, FRAGMENT, face, { side: THREE.DoubleSide, colorWrite: false }),
    face: shader(VERTEX, FRAGMENT, face, { side: THREE.DoubleSide, transparent: true, depthFunc: THREE.LessEqualDepth }),
    lines: shader(LINE_VERTEX, LINE_FRAGMENT, { clip: shared.clip, faceOnly: shared.faceOnly, lineColor: { value: new THREE.Vector4(1, 1, 1, 0.42) } }, { transparent: true, depthWrite: false }),
    photo: shader(PHOTO_VERTEX, PHOTO_FRAGMENT, { clip: shared.clip, photo: { value: photo } }, { side: THREE.DoubleSide, depthWrite: false, depthTest: false }),
  };
}
