import type { Turn } from '../view-matrix.ts';

/** Where the visitor looks from: turned from the fitted pose, zoomed, moved. */
export interface Pose extends Turn {
  /** 1 shows the crop with a margin. */
  readonly zoom: number;
  /** Of the fitted distance between eye and head, whose size is held: 1 has the fitted perspective. */
  readonly eye: number;
  /** Canvas pixels (CSS) by which the picture is moved, at zoom 1. */
  readonly x: number;
  readonly y: number;
}

/** The pose that was fitted. */
export const FITTED: Pose = { yaw: 0, pitch: 0, zoom: 1, eye: 1, x: 0, y: 0 };

const ZOOM = { min: 0.05, max: 20 } as const, PITCH_LIMIT = 1.4;
const RADIANS_PER_PIXEL = 0.0075, KEY_TURN = Math.PI / 36, KEY_MOVE = 24, KEY_ZOOM = 1.15;

const limited = (pose: Pose): Pose => ({
  ...pose, zoom: Math.min(ZOOM.max, Math.max(ZOOM.min, pose.zoom)), pitch: Math.min(PITCH_LIMIT, Math.max(-PITCH_LIMIT, pose.pitch)),
  yaw: Math.atan2(Math.sin(pose.yaw), Math.cos(pose.yaw)),
});

/** `pose` zoomed by `factor` about a point, in CSS pixels from the middle of the canvas, that stays where it is. */
export function zoomAbout(pose: Pose, factor: number, x: number, y: number): Pose {
  const { zoom } = limited({ ...pose, zoom: pose.zoom * factor });
  return { ...pose, zoom, x: pose.x + x / zoom - x / pose.zoom, y: pose.y + y / zoom - y / pose.zoom };
}

/** The pose after a key, or null if the key means nothing here. */
export function poseAfterKey(pose: Pose, key: string, shift: boolean): Pose | null {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (step) {
    const [x, y] = step as [number, number];
    return limited(shift ? { ...pose, x: pose.x + (x * KEY_MOVE) / pose.zoom, y: pose.y + (y * KEY_MOVE) / pose.zoom }
      : { ...pose, yaw: pose.yaw + x * KEY_TURN, pitch: pose.pitch + y * KEY_TURN });
  }
  if (key === '+' || key === '=') return zoomAbout(pose, KEY_ZOOM, 0, 0);
  if (key === '-' || key === '_') return zoomAbout(pose, 1 / KEY_ZOOM, 0, 0);
  return null;
}

/** A turn as a movement, by as many pixels as would have turned it: for pictures that must not turn. */
const moved = (pose: Pose, dx: number, dy: number): Pose => ({ ...pose, x: pose.x + dx / pose.zoom, y: pose.y + dy / pose.zoom });

/**
 * Lets mouse, pen, fingers and keys move the pose: one pointer turns; two fingers, the right button or Shift move; wheel and
 * pinch zoom about where they are.
 *
 * @param read - The pose now.
 * @param write - Takes the next one.
 * @param isFlat - Whether turning is off: what would turn then moves.
 */
export function attachNavigation(canvas: HTMLCanvasElement, read: () => Pose, write: (pose: Pose) => void, isFlat: () => boolean = () => false): void {
  const pointers = new Map<number, { x: number; y: number }>();
  const fromMiddle = (event: { clientX: number; clientY: number }): { x: number; y: number } => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, fromMiddle(event));
    canvas.classList.add('held');
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = fromMiddle(event), dx = now.x - before.x, dy = now.y - before.y, pose = read();
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      const spread = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      write(zoomAbout(moved(pose, dx / 2, dy / 2), spread, (now.x + other.x) / 2, (now.y + other.y) / 2));
    } else if (isFlat() || event.shiftKey || (event.buttons & 6) !== 0) write(moved(pose, dx, dy));
    else write(limited({ ...pose, yaw: pose.yaw + dx * RADIANS_PER_PIXEL, pitch: pose.pitch + dy * RADIANS_PER_PIXEL }));
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) canvas.classList.remove('held');
    });
  }
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1, { x, y } = fromMiddle(event);
    write(zoomAbout(read(), Math.exp(-0.0016 * Math.max(-300, Math.min(300, event.deltaY * lines))), x, y));
  }, { passive: false });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = poseAfterKey(read(), event.key, event.shiftKey || isFlat());
    if (!next) return;
    event.preventDefault();
    write(next);
  });
}
