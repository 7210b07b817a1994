const both = (name: string, strength: number): Record<string, number> => ({ [`${name}_L`]: strength, [`${name}_R`]: strength });

/** Expressions that people have names for, as strengths of ICT-FaceKit's modes: what a face model is looked at with. None is drawn more often than others in training. */
export const NAMED_EXPRESSIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'at rest': {},
  'mouth open': { jawOpen: 0.7 },
  'smile, closed': { ...both('mouthSmile', 0.8), ...both('cheekSquint', 0.4), ...both('mouthDimple', 0.2) },
  'smile, teeth': { ...both('mouthSmile', 0.9), ...both('mouthUpperUp', 0.4), ...both('mouthLowerDown', 0.4), ...both('cheekSquint', 0.5), jawOpen: 0.08 },
  'eyes closed': both('eyeBlink', 1),
  'brows up': { ...both('browInnerUp', 0.8), ...both('browOuterUp', 0.8) },
  surprise: { jawOpen: 0.5, mouthFunnel: 0.2, ...both('browInnerUp', 0.8), ...both('browOuterUp', 0.8), ...both('eyeWide', 0.7) },
  anger: { ...both('browDown', 0.8), ...both('noseSneer', 0.5), ...both('mouthPress', 0.5), ...both('mouthFrown', 0.3), ...both('eyeSquint', 0.4) },
  sadness: { ...both('browInnerUp', 0.7), ...both('mouthFrown', 0.8), mouthShrugLower: 0.4 },
  kiss: { mouthPucker: 0.9, mouthFunnel: 0.2 },
};
