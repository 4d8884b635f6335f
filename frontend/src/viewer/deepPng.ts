/** Decodes the PNG files in which the server keeps full depth: gray, 16 bits, not interlaced. */

export interface DeepImage {
  width: number;
  height: number;
  values: Uint16Array<ArrayBuffer>;
}

const SIGNATURE = 8;
const BYTES = 2;

interface Parts {
  width: number;
  height: number;
  data: Uint8Array<ArrayBuffer>[];
}

function partsOf(file: ArrayBuffer): Parts {
  const view = new DataView(file);
  const data: Parts["data"] = [];
  let [width, height] = [0, 0];
  for (let at = SIGNATURE; at + 12 <= file.byteLength;) {
    const length = view.getUint32(at);
    const name = view.getUint32(at + 4);
    const body = at + 8;
    if (name === 0x49484452) {
      [width, height] = [view.getUint32(body), view.getUint32(body + 4)];
      const [depth, colour, , , interlaced] = new Uint8Array(file, body + 8, 5);
      if (depth !== 16 || colour !== 0 || interlaced !== 0) {
        throw new Error("The full depth is not a gray image of 16 bits.");
      }
    } else if (name === 0x49444154) data.push(new Uint8Array(file, body, length));
    at = body + length + 4;
  }
  if (width === 0 || data.length === 0) throw new Error("The full depth is not a PNG.");
  return { width, height, data };
}

async function inflated(data: Parts["data"], size: number): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(size);
  const stream = new Blob(data).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new Error("The full depth is longer than it says.");
    out.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Error("The full depth is cut off.");
  return out;
}

/** The PNG standard's predictor: whichever of left, above and corner is nearest to their sum. */
function paeth(left: number, above: number, corner: number): number {
  const fromLeft = Math.abs(above - corner);
  const fromAbove = Math.abs(left - corner);
  const fromCorner = Math.abs(left + above - 2 * corner);
  if (fromLeft <= fromAbove && fromLeft <= fromCorner) return left;
  return fromAbove <= fromCorner ? above : corner;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  return filter === 3 ? (left + above) >> 1 : paeth(left, above, corner);
}

/** Undoes one row's filter in place; `above` is the row before it, as it was undone. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array) {
  let [left, left2, corner, corner2] = [0, 0, 0, 0];
  for (let x = 0; x < row.length; x += 1) {
    const up = above[x] ?? 0;
    // Two bytes back lies the same half of the pixel before.
    const value = ((row[x] ?? 0) + predicted(filter, left2, up, corner2)) & 255;
    row[x] = value;
    [left2, left] = [left, value];
    [corner2, corner] = [corner, up];
  }
}

/** Throws with a sentence if the file is anything else than promised. */
export async function decodeDeepPng(file: ArrayBuffer): Promise<DeepImage> {
  const { width, height, data } = partsOf(file);
  const length = width * BYTES;
  const bytes = await inflated(data, (length + 1) * height);
  const values = new Uint16Array(width * height);
  let above = new Uint8Array(length);
  for (let y = 0; y < height; y += 1) {
    const row = y * (length + 1) + 1;
    const filter = bytes[row - 1] ?? 0;
    if (filter > 4) throw new Error("The full depth is broken.");
    const line = bytes.subarray(row, row + length);
    if (filter > 0) unfilter(filter, line, above);
    above = line;
    for (let x = 0, at = 0; x < width; x += 1, at += BYTES) {
      values[y * width + x] = ((line[at] ?? 0) << 8) | (line[at + 1] ?? 0);
    }
  }
  return { width, height, values };
}
