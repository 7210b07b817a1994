import type { Json, JsonChecker } from './json-checker.ts';

/** A mesh of a GLB file at one of its places. */
export interface GlbPlacement {
  readonly mesh: number;
  /** Column-major 4 x 4, mesh to scene. */
  readonly matrix: Float64Array;
}

const MAX_DEPTH = 1000;

/** Every mesh of the scene with the product of the transforms above it. Nodes must form a forest: what two parents shared could multiply without end. */
export function placeGlbMeshes(check: JsonChecker, json: Json, meshCount: number): GlbPlacement[] {
  const { list, index, fail } = check, nodes = list(json, 'nodes'), scenes = list(json, 'scenes');
  const isChild = new Uint8Array(nodes.length), childrenOf = nodes.map((node, n) => {
    const children = Array.isArray(node.children ?? []) ? (node.children ?? []) as unknown[] : fail(`nodes[${n}].children`, 'an array', typeof node.children);
    return children.map((child, c) => {
      const i = index(child, nodes.length, `nodes[${n}].children[${c}]`);
      if (isChild[i]) fail(`nodes[${i}]`, 'one parent', 'two');
      isChild[i] = 1;
      return i;
    });
  });
  const scene = json.scene === undefined ? scenes[0] : scenes[index(json.scene, scenes.length, 'scene')];
  const listed = scene ? scene.nodes ?? [] : nodes.flatMap((_, n) => (isChild[n] ? [] : [n]));
  const roots = Array.isArray(listed) ? listed.map((root, i) => index(root, nodes.length, `scene.nodes[${i}]`)) : fail('scene.nodes', 'an array', typeof listed);
  if (new Set(roots).size < roots.length || roots.some((root) => isChild[root])) fail('scene.nodes', 'roots, each once', 'another node');
  const placements: GlbPlacement[] = [], open: { node: number; above: Float64Array; depth: number }[] = roots.reverse().map((node) => ({ node, above: IDENTITY, depth: 0 }));
  for (let item = open.pop(); item; item = open.pop()) {
    const { node, above, depth } = item;
    if (depth > MAX_DEPTH) fail(`nodes[${node}]`, `at most ${MAX_DEPTH} ancestors`, 'more or a cycle');
    const matrix = multiply(above, localMatrix(check, nodes[node]!, `nodes[${node}]`));
    if (nodes[node]!.mesh !== undefined) placements.push({ mesh: index(nodes[node]!.mesh, meshCount, `nodes[${node}].mesh`), matrix });
    for (const child of [...childrenOf[node]!].reverse()) open.push({ node: child, above: matrix, depth: depth + 1 });
  }
  return placements;
}

const IDENTITY = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

function localMatrix({ numbers, fail }: JsonChecker, node: Json, path: string): Float64Array {
  if (node.matrix !== undefined) {
    const matrix = Float64Array.from(numbers(node.matrix, 16, `${path}.matrix`));
    return [3, 7, 11].every((i) => matrix[i] === 0) && matrix[15] === 1 ? matrix : fail(`${path}.matrix`, 'a last row 0 0 0 1', `${[3, 7, 11, 15].map((i) => matrix[i])}`);
  }
  const [tx, ty, tz] = node.translation === undefined ? [0, 0, 0] : numbers(node.translation, 3, `${path}.translation`);
  const [x, y, z, w] = (node.rotation === undefined ? [0, 0, 0, 1] : numbers(node.rotation, 4, `${path}.rotation`)) as [number, number, number, number];
  const [sx, sy, sz] = (node.scale === undefined ? [1, 1, 1] : numbers(node.scale, 3, `${path}.scale`)) as [number, number, number];
  return Float64Array.of(
    (1 - 2 * (y * y + z * z)) * sx, 2 * (x * y + z * w) * sx, 2 * (x * z - y * w) * sx, 0,
    2 * (x * y - z * w) * sy, (1 - 2 * (x * x + z * z)) * sy, 2 * (y * z + x * w) * sy, 0,
    2 * (x * z + y * w) * sz, 2 * (y * z - x * w) * sz, (1 - 2 * (x * x + y * y)) * sz, 0, tx!, ty!, tz!, 1,
  );
}

function multiply(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(a, (_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + a[4 * k + i % 4]! * b[4 * Math.floor(i / 4) + k]!, 0));
}
