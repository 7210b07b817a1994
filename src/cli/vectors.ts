import type { Command } from 'commander';
import { writeSafetensors, type SafeTensor } from '../io/safetensors.ts';
import { CHEB_CONV_KIND, chebVectors } from '../kernels/vectors/cheb-vectors.ts';
import { RENDER_KIND, renderVectors } from '../kernels/vectors/render-vectors.ts';
import type { VectorArray, VectorCase } from '../kernels/vectors/vector-arrays.ts';
import { graphArrays, vectorGraphs } from '../kernels/vectors/vector-graphs.ts';
import { addCommonOptions, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface VectorsOptions extends CommonOptions {
  readonly output: string;
  readonly seed: number;
}

/** Adds `retinamesh vectors`: inputs, outputs and gradients of the float64 reference, for people who test their own code. */
export function addVectorsCommand(program: Command): void {
  addCommonOptions(program.command('vectors').description('write graphs, inputs, outputs and gradients of the float64 reference as safetensors with a JSON index'))
    .option('-o, --output <folder>', 'where the files go', 'vectors')
    .option('--seed <n>', 'of the inputs', parseNumber({ min: 0, max: 2 ** 31 - 1, whole: true }), 0)
    .action(withCommand(async (_context, { output, seed }: VectorsOptions): Promise<CommandResult> => {
      await assertWritableFolder(output);
      const { index, files } = makeVectors(seed);
      const written = await writeOutputFiles(output, { ...files, 'index.json': `${JSON.stringify(index, null, 1)}\n` });
      return { record: { files: written, graphs: index.graphs.length, cases: index.cases.length, seed }, text: `${index.cases.length} cases on ${index.graphs.length} graphs:\n${written.join('\n')}` };
    }));
}

/** What `index.json` holds: where each array is, and what it means. */
export interface VectorIndex {
  readonly version: 1;
  readonly seed: number;
  readonly about: string;
  /** Equations and shapes, by the kind of a case. */
  readonly kinds: Readonly<Record<string, unknown>>;
  readonly graphs: readonly { name: string; about: string; vertices: number; file: string; faces: string; laplacians: Readonly<Record<string, { lambdaMax: number; rowPtr: string; colIndex: string; values: string }>> }[];
  readonly cases: readonly { name: string; kind: string; settings: VectorCase['settings']; file: string; tensors: Readonly<Record<string, string>> }[];
}

/** All vectors of a seed: the index, and the content of the files that it names. The same seed gives the same bytes. */
export function makeVectors(seed: number): { index: VectorIndex; files: Record<string, Uint8Array> } {
  const graphs = vectorGraphs(), files: Record<string, Uint8Array> = {};
  const store = (file: string, arrays: Record<string, VectorArray>): void => {
    files[file] = writeSafetensors(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toTensor(array)])));
  };
  const prefixed = (prefix: string, arrays: Readonly<Record<string, VectorArray>>): [string, VectorArray][] => Object.entries(arrays).map(([name, array]) => [`${prefix}.${name}`, array]);
  store('graphs.safetensors', Object.fromEntries(graphs.flatMap((graph) => prefixed(graph.name, graphArrays(graph)))));
  const storeCases = (file: string, made: readonly VectorCase[]): VectorIndex['cases'] => {
    store(file, Object.fromEntries(made.flatMap(({ name, arrays }) => prefixed(name, arrays))));
    return made.map(({ name, kind, settings, arrays }) => ({ name, kind, settings, file, tensors: Object.fromEntries(Object.keys(arrays).map((array) => [array, `${name}.${array}`])) }));
  };
  const cases = [...graphs.flatMap((graph) => storeCases(`cheb-${graph.name}.safetensors`, chebVectors(graph, seed))), ...storeCases('render.safetensors', renderVectors(seed))];
  return {
    files,
    index: {
      version: 1, seed, about: 'float64 values of the reference kernels of retinamesh; inputs are exact float32 numbers; indices are int32; A is the scaled Laplacian in CSR form, columns ascending',
      kinds: { chebConv: CHEB_CONV_KIND, render: RENDER_KIND },
      graphs: graphs.map(({ name, about, vertexCount, operators }) => ({
        name, about, vertices: vertexCount, file: 'graphs.safetensors', faces: `${name}.faces`,
        laplacians: Object.fromEntries(Object.entries(operators).map(([kind, { lambdaMax }]) =>
          [kind, { lambdaMax, rowPtr: `${name}.${kind}.rowPtr`, colIndex: `${name}.${kind}.colIndex`, values: `${name}.${kind}.values` }])),
      })),
      cases,
    },
  };
}

const toTensor = ({ shape, data }: VectorArray): SafeTensor => ({ dtype: data instanceof Int32Array ? 'I32' : 'F64', shape, data });
