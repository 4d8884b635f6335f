/** An image as grays at several sizes, each half the one before, so that what is drawn costs what
 * the screen needs and not what the detector had. */

export type Values = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

export interface Level {
  width: number;
  height: number;
  values: Values;
}

export interface Levels {
  levels: readonly Level[];
  /** The values that the 8-bit preview shows as black and as white. */
  black: number;
  white: number;
  /** The least and the greatest value there is. */
  least: number;
  greatest: number;
}

const SMALLEST = 256;

/** Means of 2 x 2; an odd last row or column is left out. */
function halved({ width, height, values }: Level): Level {
  const [w, h] = [width >> 1, height >> 1];
  const out = values instanceof Uint16Array ? new Uint16Array(w * h) : new Uint8Array(w * h);
  for (let y = 0, at = 0; y < h; y += 1) {
    let from = 2 * y * width;
    for (let x = 0; x < w; x += 1, from += 2, at += 1) {
      const sum =
        (values[from] ?? 0) +
        (values[from + 1] ?? 0) +
        (values[from + width] ?? 0) +
        (values[from + width + 1] ?? 0);
      out[at] = (sum + 2) >> 2;
    }
  }
  return { width: w, height: h, values: out };
}

function pyramid(first: Level): Level[] {
  const levels = [first];
  for (let last = first; Math.min(last.width, last.height) >= 2 * SMALLEST;) {
    last = halved(last);
    levels.push(last);
  }
  return levels;
}

/** The levels of an 8-bit image. */
export function shallow(first: Level): Levels {
  return { levels: pyramid(first), black: 0, white: 255, least: 0, greatest: 255 };
}

function countsOf(values: Values): Uint32Array {
  const counts = new Uint32Array(65_536);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** The value at a place of the sorted values, counted from 0. */
function valueAt(counts: Uint32Array, place: number): number {
  let seen = 0;
  for (let value = 0; value < counts.length; value += 1) {
    seen += counts[value] ?? 0;
    if (seen > place) return value;
  }
  return counts.length - 1;
}

/** As `inference.preparing` stretches a preview: linear between neighbours. */
function percentile(counts: Uint32Array, size: number, percent: number): number {
  const place = ((size - 1) * percent) / 100;
  const below = valueAt(counts, Math.floor(place));
  const above = valueAt(counts, Math.min(Math.floor(place) + 1, size - 1));
  return below + (above - below) * (place - Math.floor(place));
}

/** The levels of a deep image, with the values between which its preview was stretched. */
export function deep(first: Level): Levels {
  const { values } = first;
  const counts = countsOf(values);
  const black = percentile(counts, values.length, 0.5);
  const white = percentile(counts, values.length, 99.5);
  return {
    levels: pyramid(first),
    black,
    white: Math.max(white, black + 1),
    least: valueAt(counts, 0),
    greatest: valueAt(counts, values.length - 1),
  };
}
