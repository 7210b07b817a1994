import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Shell scripts that stand for programs; `null` for one that is not there. */
export type FakeTools = Readonly<Record<string, string | null>>;

/** Tools that do what the installation of TensorFlow asks for, in little: archives are folders, and a library is a line of text. */
export const WORKING_TOOLS = {
  python3: `case "$*" in
  *"pip --version"*) echo pip 23;;
  *" download "*) while [ "$1" != --dest ]; do shift; done; echo "Downloading $3.whl (12.5 MB)"; echo wheel > "$2/$3.whl";;
  *METADATA*) mkdir -p "$4/tensorflow/include" "$4/t.dist-info"; echo so > "$4/tensorflow/libtensorflow_cc.so.2"; echo so > "$4/tensorflow/libtensorflow_framework.so.2"; echo about > "$4/t.dist-info/METADATA";;
  *tarfile*) mkdir -p unpacked/package/binding; printf '      // NOTE: String attribute values do not have to be utf8 encoded strings\\n      TF_DataType tf_data_type;\\n' > unpacked/package/binding/tfjs_backend.cc;;
esac`,
  npm: 'while [ "$1" != --pack-destination ]; do shift; done; for name in tensorflow-tfjs-node-1 google-protobuf-1 node-api-headers-1; do echo tgz > "$2/$name.tgz"; done',
  'g++': 'while [ "$1" != -o ]; do shift; done; echo addon > "$2"',
} satisfies FakeTools;

/** A PATH with these programs and the few that shell scripts need, and no other. */
export function fakePath(tools: FakeTools): string {
  const folder = mkdtempSync(join(tmpdir(), 'retinamesh-tools-'));
  for (const [name, script] of Object.entries(tools)) {
    if (script === null) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\nPATH=/usr/bin${delimiter}/bin\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
