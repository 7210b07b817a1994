import { scalePixels } from '../../color-scale.ts';
import { byId } from '../dom.ts';
import { ERROR_LIMIT, MOVEMENT_LIMIT } from '../scene/shading.ts';
import type { Store, ViewState } from '../store.ts';

const SCALES = {
  mask: ['Face mask', '0', '1'], error: ['Mean difference of a channel', '0', `${ERROR_LIMIT} or more`], movement: ['Distance from the mean head', '0', `${MOVEMENT_LIMIT} mm or more`],
} as const;

/** Shows what the colours on the canvas stand for, wherever they are a scale. */
export function createLegend(store: Store, hasPhoto: () => boolean): void {
  const bar = byId<HTMLCanvasElement>('legend-bar');
  bar.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(scalePixels(256)), 256, 1), 0, 0);
  const scaleOf = ({ mode, heat, surface }: ViewState): readonly [string, string, string] | null => {
    if (mode === 'difference' && hasPhoto()) return heat ? ['Render against photograph, mean of a channel', '0', `${ERROR_LIMIT} or more`] : null;
    if (mode === 'photo' && hasPhoto()) return null;
    return surface === 'mask' || surface === 'error' || surface === 'movement' ? SCALES[surface] : null;
  };
  store.listen((state) => {
    const scale = scaleOf(state);
    byId('legend').hidden = scale === null;
    if (scale) ['legend-title', 'legend-low', 'legend-high'].forEach((id, i) => { byId(id).textContent = scale[i]!; });
  });
}
