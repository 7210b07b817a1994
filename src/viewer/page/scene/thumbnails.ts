import type * as THREE from 'three';
import { defaultFrame, STUDIO_LIGHT } from '../../default-frame.ts';
import type { Head } from '../engine/head.ts';
import { FITTED } from '../navigation.ts';
import { FaceScene } from './face-scene.ts';
import { MeshGeometry } from './mesh-geometry.ts';

/** A little from the side: what moves forward shows too. */
const POSE = { ...FITTED, yaw: 0.42, pitch: 0.04 };

/** Draws small pictures of heads, all before the same camera and light. */
export interface Thumbnails {
  /** Fills a canvas with the head of a latent. */
  readonly paint: (canvas: HTMLCanvasElement, latent: Float32Array) => void;
  readonly dispose: () => void;
}

/** @param redraw - Draws the page's canvas, which thumbnails are taken from, as it was. */
export function createThumbnails(renderer: THREE.WebGLRenderer, head: Head, redraw: () => void): Thumbnails {
  const geometry = new MeshGeometry(head.vertexCount, head.faceMask), scene = new FaceScene(renderer, geometry), frame = defaultFrame(head.mean!);
  geometry.setFaces(head.levels[0]!.faces);
  geometry.setMesh(head.decode(null), null);
  scene.setFace(frame, null);
  scene.setLight(STUDIO_LIGHT);
  return {
    paint: (canvas, latent) => {
      const { width, height } = canvas, scale = (1.02 * width) / frame.size, offset = (1 - 1.02) / 2;
      geometry.setMesh(head.decode(latent), null);
      scene.paint(canvas, { width, height, photoToView: [[scale, 0, offset * width], [0, scale, offset * height]] }, POSE);
      redraw();
    },
    dispose: () => geometry.dispose(),
  };
}
