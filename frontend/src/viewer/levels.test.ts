import { describe, expect, it } from "vitest";
import { decodeDeepPng } from "./deepPng";
import { deep, shallow } from "./levels";
import { levelFor } from "./paint";
import { lengthOf, lengthWords } from "./ruler";

const WIDTH = 7;
const HEIGHT = 5;
const at = (x: number, y: number) => (x * 7919 + y * 104_729) % 65_536;

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((by) => (value >> by) & 255);

const chunk = (name: string, body: readonly number[]): number[] => [
  ...bigEndian(body.length),
  ...[...name].map((letter) => letter.charCodeAt(0)),
  ...body,
  ...bigEndian(0),
];

async function deflated(bytes: readonly number[]): Promise<number[]> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream();
  const packed = new Response(stream.pipeThrough(new CompressionStream("deflate")));
  return [...new Uint8Array(await packed.arrayBuffer())];
}

/** Row `y` under filter `filter`, worked out here from the PNG standard's definitions. */
function filtered(y: number, filter: number): number[] {
  const byte = (x: number, row: number) => {
    if (x < 0 || row < 0) return 0;
    const value = at(x >> 1, row);
    return x % 2 === 0 ? value >> 8 : value & 255;
  };
  return Array.from({ length: 2 * WIDTH }, (_, x) => {
    const [a, b, c] = [byte(x - 2, y), byte(x, y - 1), x < 2 ? 0 : byte(x - 2, y - 1)];
    const p = a + b - c;
    const near = [a, b, c].sort((m, n) => Math.abs(p - m) - Math.abs(p - n))[0] ?? 0;
    const guess = [0, a, b, Math.floor((a + b) / 2), near][filter] ?? 0;
    return (byte(x, y) - guess) & 255;
  });
}

async function png(depth = 16, cut = 0): Promise<ArrayBuffer> {
  const rows = Array.from({ length: HEIGHT }, (_, y) => [y, ...filtered(y, y)]).flat();
  const data = await deflated(rows.slice(0, rows.length - cut));
  const file = [
    ...Array.from({ length: 8 }, () => 0),
    ...chunk("IHDR", [...bigEndian(WIDTH), ...bigEndian(HEIGHT), depth, 0, 0, 0, 0]),
    ...chunk("IDAT", data.slice(0, 9)),
    ...chunk("IDAT", data.slice(9)),
    ...chunk("IEND", []),
  ];
  return Uint8Array.from(file).buffer;
}

describe("the full depth", () => {
  it("is read to the bit, whichever filter a row has", async () => {
    const { width, height, values } = await decodeDeepPng(await png());
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    const rows = Array.from({ length: HEIGHT }, (_, y) => y);
    expect([...values]).toEqual(
      rows.flatMap((y) => Array.from({ length: WIDTH }, (_, x) => at(x, y))),
    );
  });

  it("is refused with a sentence where it is not what was promised", async () => {
    await expect(decodeDeepPng(await png(8))).rejects.toThrow("not a gray image of 16 bits");
    await expect(decodeDeepPng(await png(16, 3))).rejects.toThrow("cut off");
    await expect(decodeDeepPng(new ArrayBuffer(30))).rejects.toThrow("not a PNG");
  });

  it("knows between which values its preview was stretched", () => {
    const values = Uint16Array.from({ length: 1001 }, (_, index) => 2 * index);
    const levels = deep({ width: 1001, height: 1, values });
    expect(levels).toMatchObject({ black: 10, white: 1990, least: 0, greatest: 2000 });
  });

  it("does not divide by nothing where all values are one", () => {
    const { black, white } = deep({ width: 2, height: 1, values: Uint16Array.of(5, 5) });
    expect(white).toBeGreaterThan(black);
  });
});

describe("the levels of an image", () => {
  const image = (width: number, height: number) =>
    shallow({ width, height, values: new Uint8Array(width * height).fill(9) }).levels;

  it("halve until they are small, and keep what they mean", () => {
    const levels = image(2048, 1025);
    expect(levels.map(({ width, height }) => [width, height])).toEqual([
      [2048, 1025],
      [1024, 512],
      [512, 256],
    ]);
    for (const { values } of levels) expect(new Set(values)).toEqual(new Set([9]));
    const [, half] = shallow({ width: 512, height: 512, values: checks(512) }).levels;
    expect(new Set(half?.values)).toEqual(new Set([128]));
  });

  it("are chosen so that no pixel of the screen goes without one of its own", () => {
    const levels = image(2048, 2048);
    for (const scale of [0.1, 0.25, 0.4, 0.5, 0.51, 1, 3]) {
      const { width } = levelFor(levels, scale);
      expect(width >= Math.min(2048, 2048 * scale) || width === 256).toBe(true);
      expect(width <= Math.max(4096 * scale, 512)).toBe(true);
    }
  });
});

const checks = (size: number) =>
  Uint8Array.from({ length: size * size }, (_, index) =>
    (index + Math.floor(index / size)) % 2 ? 255 : 0,
  );

describe("a ruler", () => {
  const ruler = { from: { x: 0, y: 0 }, to: { x: 0.3, y: 0.4 } };

  it("measures in mm where the spacing is known, down and along", () => {
    expect(lengthOf(ruler, { width: 1000, height: 1000 }, [0.2, 0.2])).toBeCloseTo(100, 9);
    expect(lengthOf(ruler, { width: 1000, height: 1000 }, [0, 0.5])).toBeCloseTo(150, 9);
    expect(lengthWords(ruler, { width: 1000, height: 1000 }, [0.2, 0.2])).toBe("100.0 mm");
  });

  it("says pixels where it is not", () => {
    expect(lengthWords(ruler, { width: 1000, height: 1000 }, null)).toBe("500 px");
  });
});
