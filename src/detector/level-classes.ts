import type { SizeClasses } from '../data/wider-by-size.ts';
import type { PyramidLevel } from './config.ts';

/**
 * Classes of boxes by the level of the feature pyramid that has the anchor of the nearest size: of sqrt(width x height), by ratio. Named
 * P3 and so on after the level's stride, with its anchors.
 */
export function levelClasses(levels: readonly PyramidLevel[]): SizeClasses {
  const anchors = levels.flatMap(({ anchorSizes }, level) => anchorSizes.map((size) => ({ size, level })));
  return {
    names: levels.map(({ stride, anchorSizes }) => `P${Math.log2(stride)}, anchors ${anchorSizes.map((size) => Math.round(size)).join(', ')}`),
    classOf(width, height) {
      const size = Math.log(Math.sqrt(Math.max(1, width) * Math.max(1, height))), away = anchors.map((anchor) => Math.abs(Math.log(anchor.size) - size));
      return anchors[away.indexOf(Math.min(...away))]!.level;
    },
  };
}
