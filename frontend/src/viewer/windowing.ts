/** Window and level on 8-bit grays: a table of 256 colours, then one look-up a pixel. */
import type { Pixels } from "./pixels";

export interface Window {
  /** Grays from black to white, 1..512. */
  width: number;
  /** The gray in the middle, 0..255. */
  level: number;
}

export const FULL: Window = { width: 255, level: 128 };

/** Steps of the preset key, the whole range first. */
export const PRESETS: readonly { name: string; window: Window }[] = [
  { name: "Full", window: FULL },
  { name: "Lung", window: { width: 150, level: 88 } },
  { name: "Soft tissue", window: { width: 140, level: 160 } },
  { name: "Bone", window: { width: 110, level: 190 } },
];

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export function windowBy(window: Window, width: number, level: number): Window {
  return {
    width: clamp(Math.round(window.width + width), 1, 512),
    level: clamp(Math.round(window.level + level), 0, 255),
  };
}

export function nextPreset(window: Window): Window {
  const at = PRESETS.findIndex(
    (preset) => preset.window.width === window.width && preset.window.level === window.level,
  );
  return PRESETS[(at + 1) % PRESETS.length]?.window ?? FULL;
}

export const isFull = (window: Window): boolean =>
  window.width === FULL.width && window.level === FULL.level;

/** Gray 0..255 in, gray 0..255 out. */
export function windowed(gray: number, window: Window, inverted: boolean): number {
  const low = window.level - window.width / 2;
  const out = clamp(Math.round(((gray - low) / window.width) * 255), 0, 255);
  return inverted ? 255 - out : out;
}

/** Opaque colours as a little-endian canvas stores them (ABGR). */
export function colourTable(window: Window, inverted: boolean): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, gray) => {
    const out = windowed(gray, window, inverted);
    return ((255 << 24) | (out << 16) | (out << 8) | out) >>> 0;
  });
}

/** The whole image under a window, ready to be drawn. */
export function levelled(pixels: Pixels, window: Window, inverted: boolean): CanvasImageSource {
  if (isFull(window) && !inverted) return pixels.bitmap;
  const grays = pixels.grays();
  const table = colourTable(window, inverted);
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no 2D canvas.");
  const image = context.createImageData(pixels.width, pixels.height);
  const out = new Uint32Array(image.data.buffer);
  for (let index = 0; index < out.length; index += 1) out[index] = table[grays[index] ?? 0] ?? 0;
  context.putImageData(image, 0, 0);
  return canvas;
}
