import * as THREE from 'three';
import { scalePixels } from '../../color-scale.ts';

/** What the surface of the mesh shows, in the shader's numbering. */
export const SURFACES = ['colour', 'clay', 'normals', 'mask', 'error', 'movement'] as const;

export type Surface = (typeof SURFACES)[number];

/** Photo error at which its colour scale ends, a channel's mean in [0, 1]. */
export const ERROR_LIMIT = 0.25;

/** Distance from the mean head at which its colour scale ends, mm. */
export const MOVEMENT_LIMIT = 12;

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
in float value;
out vec3 place;
out vec3 direction;
out vec3 albedo;
out float face;
out float amount;
void main() {
  face = weight;
  amount = value;
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
uniform int surface;
uniform sampler2D photo;
uniform sampler2D scale;
uniform mat4 toPhoto;
uniform vec2 photoSize;
uniform vec3 eye;
in float face;
in vec3 place;
in vec3 direction;
in vec3 albedo;
in float amount;
out vec4 pixel;
vec3 onScale(float x) { return texture(scale, vec2((clamp(x, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb; }
void main() {
  if (faceOnly && face < 0.5) discard;
  vec3 n = direction / max(length(direction), 1e-12);
  vec3 l = lightPosition - place;
  vec3 light = ambientColor + lightColor * max(0.0, dot(n, l / max(length(l), 1e-12)));
  vec3 shown = clamp(lit ? albedo * light : albedo, 0.0, 1.0);
  if (surface == 1) shown = clamp(vec3(0.72 * dot(light, vec3(0.2126, 0.7152, 0.0722))), 0.0, 1.0);
  else if (surface == 2) shown = 0.5 + 0.5 * n;
  else if (surface == 3) shown = onScale(face);
  else if (surface == 4) {
    vec4 at = toPhoto * vec4(place, 1.0);
    vec2 uv = at.xy / at.w / photoSize;
    bool seen = dot(n, eye - place) > 0.0 && all(greaterThan(uv, vec2(0.0))) && all(lessThan(uv, vec2(1.0)));
    vec3 apart = abs(clamp(albedo * light, 0.0, 1.0) - texture(photo, vec2(uv.x, 1.0 - uv.y)).rgb);
    shown = seen ? onScale((apart.r + apart.g + apart.b) / (3.0 * ${ERROR_LIMIT})) : vec3(0.5);
  }
  else if (surface == 5) shown = onScale(amount / ${MOVEMENT_LIMIT}.0);
  pixel = vec4(shown, opacity);
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
uniform int surface;
uniform bool faceOnly;
in float face;
out vec4 pixel;
void main() {
  if (faceOnly && face < 0.5) discard;
  pixel = surface == 1 ? vec4(0.07, 0.1, 0.16, 0.5) : vec4(1.0, 1.0, 1.0, 0.42);
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

/** All that shaders are told from outside; written before a drawing. */
export function createUniforms() {
  const scale = new THREE.DataTexture(scalePixels(256), 256, 1);
  scale.magFilter = scale.minFilter = THREE.NearestFilter;
  scale.needsUpdate = true;
  return {
    clip: { value: new THREE.Matrix4() }, lit: { value: true }, opacity: { value: 1 }, faceOnly: { value: false }, surface: { value: 0 },
    lightPosition: { value: new THREE.Vector3() }, lightColor: { value: new THREE.Vector3() }, ambientColor: { value: new THREE.Vector3() },
    photo: { value: blankTexture() as THREE.Texture }, photoSize: { value: new THREE.Vector2(1, 1) }, toPhoto: { value: new THREE.Matrix4() }, eye: { value: new THREE.Vector3() },
    scale: { value: scale as THREE.Texture },
  };
}

export type Uniforms = ReturnType<typeof createUniforms>;

function blankTexture(): THREE.Texture {
  const texture = new THREE.DataTexture(new Uint8Array(4), 1, 1);
  texture.needsUpdate = true;
  return texture;
}

const shader = (vertexShader: string, fragmentShader: string, uniforms: Record<string, THREE.IUniform>, rest: THREE.ShaderMaterialParameters = {}): THREE.RawShaderMaterial =>
  new THREE.RawShaderMaterial({ glslVersion: THREE.GLSL3, vertexShader, fragmentShader, uniforms, ...rest });

/** The materials of a page, which all read the same uniforms. The renderer culls no faces, so neither do they. */
export const createMaterials = (uniforms: Uniforms) => ({
  /** Depth alone, so that a translucent mesh shows its front only. */
  depth: shader(VERTEX, FRAGMENT, uniforms, { side: THREE.DoubleSide, colorWrite: false }),
  face: shader(VERTEX, FRAGMENT, uniforms, { side: THREE.DoubleSide, transparent: true, depthFunc: THREE.LessEqualDepth }),
  lines: shader(LINE_VERTEX, LINE_FRAGMENT, uniforms, { transparent: true, depthWrite: false }),
  photo: shader(PHOTO_VERTEX, PHOTO_FRAGMENT, uniforms, { side: THREE.DoubleSide, depthWrite: false, depthTest: false }),
});
