/**
 * The area under a precision-recall curve by the rule of PASCAL VOC since 2010: precision is made to fall monotonically, from the right,
 * and the rectangles between the steps of recall are added.
 *
 * @param recall - Growing.
 * @param precision - Of the same length.
 */
export function averagePrecision(recall: ArrayLike<number>, precision: ArrayLike<number>): number {
  let area = 0, highest = 0;
  for (let i = recall.length - 1; i >= 0; i--) {
    highest = Math.max(highest, precision[i]!);
    area += (recall[i]! - (i > 0 ? recall[i - 1]! : 0)) * highest;
  }
  return area;
}
