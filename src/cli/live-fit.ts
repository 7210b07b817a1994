import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FitStep } from '../dense/fit-face.ts';
import type { PixelImage } from '../io/image.ts';
import { readInside } from '../viewer/server/open-inside-node.ts';
import type { ViewEvents } from '../viewer/view-data.ts';
import { faceTitle, type PageFace } from './page-input.ts';
import { fieldsIn, parse, parseFitEvent } from './parse-kept-fit.ts';

/** Folder within that of a reconstruction, where a fit that runs says how far it is; its files. */
const LIVE = '.live', FIT = `${LIVE}/fit.json`, PHOTO = `${LIVE}/photo.jpg`;

/** What is fitted. */
export interface LiveSubject {
  readonly title: string;
  readonly photo: PixelImage;
  readonly model: { readonly name: string; readonly sha256: string };
  /** Edge of the crop in the scene file that will be written. */
  readonly size: number;
  /** How many faces. */
  readonly count: number;
}

/** Tells `retinamesh view FOLDER` of a fit while it runs, by small files in the folder; with its end they are gone. */
export class LiveFit {
  private writing: Promise<void> = Promise.resolve();
  private isBusy = false;
  private isBroken = false;
  private made: string | undefined;
  private hasPhoto = false;

  /** @param onFailure - Told once if the files cannot be written, which harms nothing else. */
  constructor(private readonly folder: string, private readonly subject: LiveSubject, private readonly onFailure: (error: Error) => void) {}

  /** Takes a step in; steps that come while an earlier one is being written are left out. */
  readonly tell = (face: number, step: FitStep): void => {
    if (this.isBusy || this.isBroken) return;
    this.isBusy = true;
    this.writing = this.write(face, step).catch((error: Error) => {
      this.isBroken = true;
      this.onFailure(error);
    }).finally(() => { this.isBusy = false; });
  };

  /** Takes the files away, and the folder if it was made for them. */
  async close(): Promise<void> {
    await this.writing;
    await rm(join(this.folder, LIVE), { recursive: true, force: true }).catch(() => {});
    if (this.made === undefined) return;
    // `mkdir` says which folder was the first that it made: all from there down are empty again.
    for (let at = resolve(this.folder); at.length >= resolve(this.made).length; at = dirname(at)) await rmdir(at).catch(() => {});
  }

  private async write(face: number, { step, total, loss, pixel, scene, frame }: FitStep): Promise<void> {
    const [{ cropToPhoto }, { photoProjection }, { encodeJpeg }] = await Promise.all([import('../dense/crop-frame.ts'), import('../dense/photo-projection.ts'), import('../io/node-image.ts')]);
    const { title, photo, model, size, count } = this.subject, toPhoto = cropToPhoto(frame, size), { latent, camera, illumination } = scene;
    const event: ViewEvents['fit'] = {
      step, total, scene: { latent: Array.from(latent), camera, illumination }, frame: { projection: photoProjection(camera, toPhoto, size), size, cropToPhoto: toPhoto },
      losses: { ...(Number.isFinite(loss) && { objective: loss }), ...(Number.isFinite(pixel) && { difference: pixel }) },
    };
    if (!this.hasPhoto) {
      this.made ??= await mkdir(this.folder, { recursive: true });
      await mkdir(join(this.folder, LIVE), { recursive: true });
      await this.replace(PHOTO, await encodeJpeg(photo));
      this.hasPhoto = true;
    }
    await this.replace(FIT, JSON.stringify({ version: 1, pid: process.pid, title: faceTitle(title, face, count), photo: { width: photo.width, height: photo.height }, model, fit: event }));
  }

  // Without the care for the disk of `writeFileAtomic`: what is there after a crash is of no use.
  private async replace(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.folder, name);
    await writeFile(`${path}.tmp`, content);
    await rename(`${path}.tmp`, path);
  }
}

/** A fit that runs. */
export interface RunningFit {
  readonly title: string;
  readonly model: LiveSubject['model'];
  readonly face: PageFace;
  readonly event: ViewEvents['fit'];
}

/** Milliseconds for which a fit is believed to run though no process of its number is seen here. */
const FRESH = 10_000;

/** The fit that runs in a folder; `null` where there is none, or only what a killed one left. */
export async function liveFitOf(folder: string): Promise<RunningFit | null> {
  const bytes = await readInside(folder, FIT, 1 << 22), { version, pid, title, photo, model, fit } = fieldsIn(parse(bytes ? new TextDecoder().decode(bytes) : '')), event = parseFitEvent(fit);
  const { width, height } = fieldsIn(photo), { name, sha256 } = fieldsIn(model);
  if (version !== 1 || !event || typeof title !== 'string' || !Number.isInteger(width) || !Number.isInteger(height) || typeof name !== 'string' || typeof sha256 !== 'string') return null;
  if (!(isRunning(pid) || Date.now() - (await stat(join(folder, FIT)).catch(() => ({ mtimeMs: 0 }))).mtimeMs < FRESH)) return null;
  const pixels = async (): Promise<PixelImage> => (await import('../io/node-image.ts')).decodeImage(await readInside(folder, PHOTO) ?? new Uint8Array(), join(folder, PHOTO));
  return { title, model: { name, sha256 }, event, face: { title, photo: { key: 'live', width: width as number, height: height as number, pixels }, scene: event.scene, frame: event.frame, facts: [{ label: 'Decoder', value: name }] } };
}

function isRunning(pid: unknown): boolean {
  try {
    return Number.isInteger(pid) && (pid as number) > 0 && process.kill(pid as number, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
