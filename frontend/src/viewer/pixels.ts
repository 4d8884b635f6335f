/** Images fetched once and kept for the next item; grays read out only when a window needs them. */

export interface Pixels {
  width: number;
  height: number;
  bitmap: ImageBitmap;
  /** One byte a pixel, made at the first window change. */
  grays: () => Uint8ClampedArray;
}

const KEPT = 4;
const loading = new Map<string, Promise<Pixels>>();

async function fetchPixels(url: string): Promise<Pixels> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The image could not be loaded (${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob());
  let grays: Uint8ClampedArray | null = null;
  const { width, height } = bitmap;
  return { width, height, bitmap, grays: () => (grays ??= readGrays(bitmap)) };
}

function readGrays(bitmap: ImageBitmap): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no 2D canvas.");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const grays = new Uint8ClampedArray(bitmap.width * bitmap.height);
  for (let index = 0; index < grays.length; index += 1) grays[index] = data[index * 4] ?? 0;
  return grays;
}

/** The image, from memory if it was asked for before. The oldest of a few is let go. */
export function pixelsOf(url: string): Promise<Pixels> {
  const known = loading.get(url);
  if (known) return known;
  const pixels = fetchPixels(url);
  loading.set(url, pixels);
  pixels.catch(() => loading.delete(url));
  const oldest = loading.keys().next().value;
  if (loading.size > KEPT && oldest) loading.delete(oldest);
  return pixels;
}
