import type { Pose } from './navigation.ts';

const GLIDE_MS = 320;

/** Brings the pose to `target` in a short movement, at once where the visitor wants none; stops when the visitor takes over. */
export function glide(read: () => Pose, target: Pose, write: (pose: Pose) => void): void {
  const from = read(), began = performance.now();
  let expected = from;
  const step = (now: number): void => {
    if (read() !== expected) return;
    const share = Math.min(1, Math.max(0, now - began) / GLIDE_MS), eased = 1 - (1 - share) ** 3;
    expected = share >= 1 ? target : blend(from, target, eased);
    write(expected);
    if (share < 1) requestAnimationFrame(step);
  };
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) write(target);
  else requestAnimationFrame(step);
}

function blend(from: Pose, to: Pose, share: number): Pose {
  const mix = (a: number, b: number): number => a + (b - a) * share, stretch = (a: number, b: number): number => a * (b / a) ** share;
  return { yaw: mix(from.yaw, to.yaw), pitch: mix(from.pitch, to.pitch), zoom: stretch(from.zoom, to.zoom), eye: stretch(from.eye, to.eye), x: mix(from.x, to.x), y: mix(from.y, to.y) };
}
