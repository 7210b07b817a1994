import type { HostPredictions } from '../../src/detector/select-candidates.ts';
import { goldenDump } from './retinaface-golden.ts';

/** A golden's output as a network says it: logits of which the softmax is the dump's. */
export const goldenPredictions = (name: string): HostPredictions => ({
  logits: goldenDump(name, 'conf').map((p) => Math.log(p)), boxDeltas: goldenDump(name, 'loc'), landmarkDeltas: goldenDump(name, 'landm'),
});
