/**
 * Window and level, in grays of the preview: 0 is what it shows as black, 255 as white. An image
 * with more depth has grays between two of these, and below 0 and above 255, where the preview is
 * clipped. So a window means the same before and after the full depth is there.
 */
import type { Levels } from "./levels";

export interface Window {
  /** Grays from black to white. */
  width: number;
  /** The gray in the middle. */
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

/** How an image's stored values and the grays of its preview belong together. */
export type Range = Pick<Levels, "black" | "white" | "least" | "greatest">;

export const EIGHT_BIT: Range = { black: 0, white: 255, least: 0, greatest: 255 };

const valuesAGray = ({ black, white }: Range): number => (white - black) / 255;

const isDeep = (range: Range): boolean => valuesAGray(range) > 1;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** Below this width a drag gets finer with it: the depth is there to be seen. */
const FINE_BELOW = 128;

/**
 * A drag by so many pixels: one gray a pixel, and finer the narrower the window of a deep image.
 * The level stays within the values there are; the width ends at two values and at all of them
 * twice over.
 */
export function windowBy(window: Window, x: number, y: number, range: Range): Window {
  const a = valuesAGray(range);
  const pace = isDeep(range) ? clamp(window.width / FINE_BELOW, 2 / a / FINE_BELOW, 1) : 1;
  const round = isDeep(range) ? (value: number) => value : Math.round;
  const [low, high] = [(range.least - range.black) / a, (range.greatest - range.black) / a];
  const most = Math.max(512, 2 * (high - low));
  return {
    width: clamp(round(window.width + x * pace), isDeep(range) ? 2 / a : 1, most),
    level: clamp(round(window.level + y * pace), Math.min(0, low), Math.max(255, high)),
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

/** The same window in the image's stored values, for the readout. */
export function inValues({ width, level }: Window, range: Range): Window {
  const a = valuesAGray(range);
  return { width: Math.round(width * a), level: Math.round(range.black + level * a) };
}

/** Gray in, shown gray 0..255 out. */
export function windowed(gray: number, window: Window, inverted: boolean): number {
  const low = window.level - window.width / 2;
  const out = clamp(Math.round(((gray - low) / window.width) * 255), 0, 255);
  return inverted ? 255 - out : out;
}

/** For each stored value an opaque colour as a little-endian canvas stores it (ABGR). */
export function colourTable(window: Window, inverted: boolean, range: Range): Uint32Array {
  const a = valuesAGray(range);
  // With the whole range shown, a deep image looks as its preview does: 0 black and 255 white.
  const shown = isFull(window) ? { width: 255, level: 127.5 } : window;
  return Uint32Array.from({ length: range.greatest + 1 }, (_, value) => {
    const out = windowed((value - range.black) / a, shown, inverted);
    return ((255 << 24) | (out << 16) | (out << 8) | out) >>> 0;
  });
}
