import type { LightKnobs } from '../light-angles.ts';
import { FITTED, type Pose } from './navigation.ts';
import type { Surface } from './scene/shading.ts';

/** What lies on the canvas. */
export type Mode = 'overlay' | 'photo' | 'render' | 'difference';

/** All that a visitor can change; everything on the page follows from it. */
export interface ViewState {
  /** Of `ViewData.faces`; 0 also where there is none. */
  readonly face: number;
  /** `null` where nothing decodes. */
  readonly latent: Float32Array | null;
  readonly light: LightKnobs;
  /** Lit, or the bare albedo. */
  readonly lit: boolean;
  readonly pose: Pose;
  readonly mode: Mode;
  /** The difference as a heat map, or channel by channel. */
  readonly heat: boolean;
  readonly surface: Surface;
  readonly wireframe: boolean;
  /** Without skull, ears and neck. */
  readonly faceOnly: boolean;
  /** Of the mesh over the photograph, 0 to 1. */
  readonly opacity: number;
  /** Of the hierarchy, 0 the finest. */
  readonly level: number;
}

export type Listener = (state: ViewState, changed: ReadonlySet<keyof ViewState>) => void;

/** Holds the state and tells who listens what of it is new. */
export interface Store {
  readonly get: () => ViewState;
  readonly set: (changes: Partial<ViewState>) => void;
  /** Called after each change, in the order of subscription; at once too, with everything new. Returns what ends it. */
  readonly listen: (listener: Listener) => () => void;
}

export const INITIAL_STATE: Omit<ViewState, 'light'> = {
  face: 0, latent: null, lit: true, pose: FITTED, mode: 'overlay', heat: true, surface: 'colour', wireframe: false, faceOnly: false, opacity: 1, level: 0,
};

/** The same store, all of whose listeners can be let go together: for parts of the page that are made anew. */
export function scopeOf(store: Store): { readonly store: Store; readonly drop: () => void } {
  const ends: (() => void)[] = [];
  const listen = (listener: Listener): (() => void) => {
    const end = store.listen(listener);
    ends.push(end);
    return end;
  };
  return { store: { ...store, listen }, drop: () => { for (const end of ends) end(); } };
}

export function createStore(initial: ViewState): Store {
  const listeners = new Set<Listener>();
  let state = initial;
  return {
    get: () => state,
    set: (changes) => {
      const changed = new Set((Object.keys(changes) as (keyof ViewState)[]).filter((key) => changes[key] !== state[key]));
      if (changed.size === 0) return;
      state = { ...state, ...changes };
      for (const listener of listeners) listener(state, changed);
    },
    listen: (listener) => {
      listeners.add(listener);
      listener(state, new Set(Object.keys(state) as (keyof ViewState)[]));
      return () => listeners.delete(listener);
    },
  };
}
