/** Off the page's own thread: grays of a preview, and the full depth of an image. */
import { decodeDeepPng } from "./deepPng";
import { deep, type Levels, shallow } from "./levels";

export interface Job {
  id: number;
  /** A preview's file, or where the full depth is. */
  of: { preview: Blob } | { pixels: string };
}

export type Answer = { id: number } & ({ levels: Levels } | { share: number } | { failed: string });

async function graysOf(file: Blob): Promise<Levels> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no 2D canvas.");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < values.length; at += 1, from += 4) values[at] = data[from] ?? 0;
  return shallow({ width, height, values });
}

/** The body, and how much of it is here whenever more is. */
async function fetched(address: string, onShare: (share: number) => void): Promise<ArrayBuffer> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The full depth could not be loaded (${response.status}).`);
  const size = Number(response.headers.get("Content-Length"));
  const reader = response.body?.getReader();
  if (!reader || !size) return response.arrayBuffer();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let here = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    here += value.length;
    onShare(here / size);
  }
}

async function done({ id, of }: Job): Promise<Levels> {
  if ("preview" in of) return graysOf(of.preview);
  return deep(await decodeDeepPng(await fetched(of.pixels, (share) => answer({ id, share }))));
}

function answer(message: Answer): void {
  const buffers =
    "levels" in message ? message.levels.levels.map(({ values }) => values.buffer) : [];
  postMessage(message, { transfer: buffers });
}

addEventListener("message", ({ data }: MessageEvent<Job>) => {
  done(data).then(
    (levels) => answer({ id: data.id, levels }),
    (error: unknown) =>
      answer({ id: data.id, failed: error instanceof Error ? error.message : String(error) }),
  );
});
