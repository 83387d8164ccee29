// SPDX-License-Identifier: MIT
// The types of 'bores-wasm/viewer'. The element's class is checked against them.

/** What `ready` tells: kind 'file' is an HDF5 file that holds no run, whose content is shown as a tree. */
export interface ReadyDetail {
  kind: 'run' | 'file';
  name: string;
  /** Along i, j and k. */
  cells: [number, number, number] | null;
  /** The simulator's number and the time of each step, as far as they are known yet. */
  steps: { simulatorStep: number | null; timeInDays: number | null }[];
  properties: { id: string; name: string; unit: string; group: string }[];
}

export interface StepDetail {
  /** From 0. */
  step: number;
  /** How many there are. */
  steps: number;
  simulatorStep: number | null;
  timeInDays: number | null;
  property: string | null;
}

export interface PickDetail {
  /** null: nothing is selected any more. */
  cell: [number, number, number] | null;
  /** Of the property at the step that is shown; NaN: none. */
  value: number;
  property: string | null;
  unit: string;
  /** Of the cell's centre, ft. */
  depth: number;
  /** Names of the wells that are perforated there. */
  wells: string[];
  step: number;
  timeInDays: number | null;
}

export interface ProgressDetail {
  /** A run is being opened, or the range of a property over all steps is being read. */
  phase: 'opening' | 'range';
  text: string;
  /** Steps; both 0 where that is not known. */
  done: number;
  total: number;
}

export interface ErrorDetail {
  /** A BoresError. */
  error: Error & { code: string };
  code: string;
  message: string;
  /** Nothing is shown because of it. */
  fatal: boolean;
}

export interface ViewDirection {
  /** Degrees clockwise from north, where the eye is. */
  azimuth: number;
  /** Degrees above the horizon. */
  elevation: number;
  /** In radii of the model; 0: as far as it takes to see everything. */
  distance: number;
  /** From the model's centre, in its radii. */
  target: [number, number, number];
}

export interface ImageOptions {
  type?: 'image/png' | 'image/jpeg' | 'image/webp';
  /** Of JPEG and WebP, 0 to 1. */
  quality?: number;
  /** Pixels, up to 8192; with `height`. Without both: as large as on the screen, and the legend beside it. */
  width?: number;
  height?: number;
}

export interface BoresViewerEventMap {
  ready: CustomEvent<ReadyDetail>;
  step: CustomEvent<StepDetail>;
  pick: CustomEvent<PickDetail>;
  progress: CustomEvent<ProgressDetail>;
  error: CustomEvent<ErrorDetail>;
}

/** What of the element pages may use. */
export interface BoresViewerMembers {
  src: string;
  step: number;
  get property(): string | null;
  set property(value: string);
  get range(): 'all' | 'step' | [number, number];
  set range(value: 'all' | 'step' | string | readonly [number, number]);
  colormap: string;
  get view(): string;
  set view(value: string | Partial<ViewDirection> | null);
  controls: 'full' | 'player' | 'none';
  theme: 'auto' | 'light' | 'dark';
  group: string;
  /** Resolves with what `ready` tells when the first picture is there. */
  open(location: unknown, options?: { name?: string }): Promise<ReadyDetail>;
  close(): void;
  /** Resolves when the step is shown. Negative steps count from the end. */
  goTo(step: number): Promise<StepDetail>;
  /** Selects a cell; without indices nothing is selected any more. */
  pick(i?: number, j?: number, k?: number): Promise<PickDetail>;
  toImage(options?: ImageOptions): Promise<Blob>;
}

export interface BoresViewer extends HTMLElement, BoresViewerMembers {
  addEventListener<K extends keyof BoresViewerEventMap>(type: K,
    listener: (this: BoresViewer, event: BoresViewerEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions): void;
}

export declare const BoresViewer: { new (): BoresViewer; prototype: BoresViewer };

declare global {
  interface HTMLElementTagNameMap {
    'bores-viewer': BoresViewer;
  }
}
