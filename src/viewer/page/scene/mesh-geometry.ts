import * as THREE from 'three';
import { meshEdges } from '../../../mesh/mesh-edges.ts';
import { vertexNormals } from '../../../mesh/vertex-normals.ts';

/** Arrays of one mesh on the graphics card: written again whenever it is decoded anew. */
export class MeshGeometry {
  readonly surface = new THREE.BufferGeometry();
  readonly lines = new THREE.BufferGeometry();
  private faces: Int32Array = new Int32Array(0);
  private readonly attributes: Record<'position' | 'normal' | 'color' | 'weight' | 'value', THREE.BufferAttribute>;

  /** @param faceMask - `[V]`, see `HeadTopology`. */
  constructor(vertexCount: number, faceMask: Float32Array) {
    const attribute = (size: number): THREE.BufferAttribute => new THREE.BufferAttribute(new Float32Array(size * vertexCount), size).setUsage(THREE.DynamicDrawUsage);
    this.attributes = { position: attribute(3), normal: attribute(3), color: attribute(3), weight: new THREE.BufferAttribute(faceMask, 1), value: attribute(1) };
    for (const [name, values] of Object.entries(this.attributes)) this.surface.setAttribute(name, values);
    this.lines.setAttribute('position', this.attributes.position);
    this.lines.setAttribute('weight', this.attributes.weight);
  }

  get vertices(): Float32Array { return this.attributes.position.array as Float32Array; }
  get colors(): Float32Array { return this.attributes.color.array as Float32Array; }

  /** Which vertices the triangles and lines join: of the whole mesh or of a level. */
  setFaces(faces: Int32Array): void {
    if (faces === this.faces) return;
    this.faces = faces;
    this.surface.setIndex(new THREE.BufferAttribute(new Uint32Array(faces), 1));
    this.lines.setIndex(new THREE.BufferAttribute(Uint32Array.from(meshEdges(faces).filter((_, i) => i % 4 < 2)), 1));
    this.updateNormals();
  }

  setMesh({ vertices, colors }: { readonly vertices: Float32Array; readonly colors: Float32Array }, values: Float32Array | null): void {
    const { position, color, value } = this.attributes;
    position.copyArray(vertices).needsUpdate = true;
    color.copyArray(colors).needsUpdate = true;
    if (values) value.copyArray(values).needsUpdate = true;
    this.updateNormals();
  }

  dispose(): void {
    this.surface.dispose();
    this.lines.dispose();
  }

  private updateNormals(): void {
    this.attributes.normal.copyArray(vertexNormals({ vertices: this.vertices, faces: this.faces })).needsUpdate = true;
  }
}
