import * as THREE from 'three';
import { ERROR_LIMIT, type Uniforms } from './shading.ts';

const VERTEX = `
in vec3 position;
out vec2 at;
void main() {
  at = position.xy * 0.5 + 0.5;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`;

const FRAGMENT = `
precision highp float;
uniform sampler2D render;
uniform sampler2D picture;
uniform sampler2D scale;
uniform bool heat;
in vec2 at;
out vec4 pixel;
void main() {
  vec4 a = texture(render, at), b = texture(picture, at);
  vec3 apart = abs(a.rgb - b.rgb);
  float x = clamp((apart.r + apart.g + apart.b) / (3.0 * ${ERROR_LIMIT}), 0.0, 1.0);
  vec3 shown = heat ? texture(scale, vec2((x * 255.0 + 0.5) / 256.0, 0.5)).rgb : apart;
  // Beside the mesh a trace of the photograph; the canvas takes colours already multiplied by alpha.
  pixel = a.a > 0.5 && b.a > 0.5 ? vec4(shown, 1.0) : 0.16 * b;
}`;

/** The absolute difference of two pictures of the same size, where the first covers the second: both are drawn first, then compared pixel by pixel. */
export class DifferencePass {
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.Camera();
  private readonly targets = [new THREE.WebGLRenderTarget(1, 1, { samples: 4 }), new THREE.WebGLRenderTarget(1, 1)] as const;
  private readonly heat = { value: true };

  constructor(private readonly renderer: THREE.WebGLRenderer, { scale }: Uniforms) {
    const uniforms = { render: { value: this.targets[0].texture }, picture: { value: this.targets[1].texture }, scale, heat: this.heat };
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('position', new THREE.BufferAttribute(Float32Array.of(-1, -1, 0, 3, -1, 0, -1, 3, 0), 3));
    const material = new THREE.RawShaderMaterial({ glslVersion: THREE.GLSL3, vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms, depthTest: false, depthWrite: false, transparent: true, blending: THREE.NoBlending });
    const mesh = new THREE.Mesh(geometry, material);
    mesh.frustumCulled = false;
    this.scene.add(mesh);
  }

  /** Draws on the canvas: `draw(0)` must draw the render alone, `draw(1)` the photograph alone. */
  run(heat: boolean, draw: (which: 0 | 1) => void): void {
    const size = this.renderer.getDrawingBufferSize(new THREE.Vector2());
    this.heat.value = heat;
    for (const which of [0, 1] as const) {
      this.targets[which].setSize(size.x, size.y);
      this.renderer.setRenderTarget(this.targets[which]);
      this.renderer.clear();
      draw(which);
    }
    this.renderer.setRenderTarget(null);
    this.renderer.render(this.scene, this.camera);
  }
}
