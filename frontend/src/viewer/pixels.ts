/** Images fetched once and kept for the next item: the preview at once, its grays and the full
 * depth by a worker. */
import type { Answer, Job } from "./imageWorker";
import type { Levels } from "./levels";

/** What is needed of an image to show it. `pixels_url` is null where the preview is all there is. */
export interface Pictured {
  width: number;
  height: number;
  image_url: string;
  pixels_url: string | null;
}

export interface Preview {
  width: number;
  height: number;
  bitmap: ImageBitmap;
  /** For windows on what is shown; asked for at once, there soon after the bitmap. */
  grays: Promise<Levels>;
  /** The same, once they are there. */
  ready: Levels | null;
}

/** How much of the full depth is here, 0..1. */
type OnShare = (share: number) => void;

const MOST_WAIT_MS = 500;

const KEPT = 6;
const DEEP_KEPT = 2;

interface Waiting {
  resolve: (levels: Levels) => void;
  reject: (error: Error) => void;
  onShare: OnShare;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | null = null;
let jobs = 0;

function startWorker(): Worker {
  const started = new Worker(new URL("./imageWorker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const job = waiting.get(data.id);
    if (!job) return;
    if ("share" in data) return job.onShare(data.share);
    waiting.delete(data.id);
    if ("levels" in data) job.resolve(data.levels);
    else job.reject(new Error(data.failed));
  });
  started.addEventListener("error", () => {
    for (const { reject } of waiting.values()) reject(new Error("The image worker stopped."));
    waiting.clear();
    worker = null;
  });
  return started;
}

function levelsOf(of: Job["of"], onShare: OnShare = () => undefined): Promise<Levels> {
  worker ??= startWorker();
  jobs += 1;
  const id = jobs;
  const levels = new Promise<Levels>((resolve, reject) => {
    waiting.set(id, { resolve, reject, onShare });
  });
  worker.postMessage({ id, of } satisfies Job);
  return levels;
}

/** Once what is on its way to the screen is there: the worker would take a core away from it. */
const afterPaint = (): Promise<void> =>
  new Promise((done) => requestIdleCallback(() => done(), { timeout: MOST_WAIT_MS }));

/**
 * By the decoder itself where the browser offers it: what is made of a blob goes to the browser's
 * own process and back before, which on a busy machine takes longer than to decode it.
 */
async function decoded(file: ArrayBuffer, type: string): Promise<ImageBitmap> {
  if (!("ImageDecoder" in globalThis)) return createImageBitmap(new Blob([file]));
  const decoder = new ImageDecoder({ data: file, type });
  try {
    const { image } = await decoder.decode();
    const bitmap = await createImageBitmap(image);
    image.close();
    return bitmap;
  } finally {
    decoder.close();
  }
}

async function fetchPreview(url: string): Promise<Preview> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The image could not be loaded (${response.status}).`);
  const file = await response.arrayBuffer();
  const bitmap = await decoded(file, response.headers.get("Content-Type") ?? "image/png");
  const grays = afterPaint().then(() => levelsOf({ preview: new Blob([file]) }));
  const { width, height } = bitmap;
  const preview: Preview = { width, height, bitmap, grays, ready: null };
  grays.then(
    (levels) => {
      preview.ready = levels;
    },
    // Whoever windows hears of a failure; whoever only looks has nothing to be told.
    () => undefined,
  );
  return preview;
}

/** From memory if it was asked for before; the oldest of a few is let go, a failure at once. */
function kept<T>(
  store: Map<string, Promise<T>>,
  most: number,
  url: string,
  load: () => Promise<T>,
) {
  const known = store.get(url);
  if (known) return known;
  const loading = load();
  store.set(url, loading);
  loading.catch(() => store.delete(url));
  const oldest = store.keys().next().value;
  if (store.size > most && oldest) store.delete(oldest);
  return loading;
}

const previews = new Map<string, Promise<Preview>>();
const arrived = new WeakMap<Promise<Preview>, Preview>();
const depths = new Map<string, Promise<Levels>>();

export const previewOf = (url: string): Promise<Preview> =>
  kept(previews, KEPT, url, () => {
    const asked = fetchPreview(url);
    asked.then(
      (preview) => arrived.set(asked, preview),
      () => undefined,
    );
    return asked;
  });

/** What is here already, for the first paint; null if it has to be asked for, or is on its way. */
export function previewHere(url: string): Preview | null {
  const asked = previews.get(url);
  return (asked && arrived.get(asked)) ?? null;
}

/** The full depth of an image that has more than its preview shows. */
export const depthOf = (url: string, onShare: OnShare): Promise<Levels> =>
  kept(depths, DEEP_KEPT, url, () => levelsOf({ pixels: url }, onShare));
