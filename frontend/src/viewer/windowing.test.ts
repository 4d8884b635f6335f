import { describe, expect, it } from "vitest";
import {
  colourTable,
  EIGHT_BIT,
  FULL,
  inValues,
  nextPreset,
  PRESETS,
  windowBy,
  windowed,
} from "./windowing";

describe("the window", () => {
  it("darkens below, brightens above, and puts its level in the middle", () => {
    const window = { width: 100, level: 120 };
    expect(windowed(70, window, false)).toBe(0);
    expect(windowed(170, window, false)).toBe(255);
    expect(windowed(120, window, false)).toBe(128);
    expect(windowed(120, window, true)).toBe(127);
  });

  it("never gets brighter where the image gets darker", () => {
    const outs = Array.from({ length: 256 }, (_, gray) =>
      windowed(gray, { width: 77, level: 40 }, false),
    );
    expect(outs.every((out, gray) => gray === 0 || out >= (outs[gray - 1] ?? 0))).toBe(true);
  });

  it("writes opaque grays", () => {
    const table = colourTable(FULL, false, EIGHT_BIT);
    expect(table[0]).toBe(0xff000000);
    expect(table[255]).toBe(0xffffffff);
  });

  it("stays in range however far it is dragged", () => {
    expect(windowBy(FULL, -9999, -9999, EIGHT_BIT)).toEqual({ width: 1, level: 0 });
    expect(windowBy(FULL, 9999, 9999, EIGHT_BIT)).toEqual({ width: 512, level: 255 });
  });

  it("walks through the presets and begins again, from anywhere", () => {
    let window = FULL;
    for (const _ of PRESETS) window = nextPreset(window);
    expect(window).toEqual(FULL);
    expect(nextPreset({ width: 3, level: 3 })).toEqual(FULL);
  });

  const deep = { black: 1000, white: 1000 + 255 * 100, least: 0, greatest: 65_535 };

  it("of a deep image looks at first as its preview does, and cuts nothing off for good", () => {
    const table = colourTable(FULL, false, deep);
    expect(table).toHaveLength(65_536);
    for (const gray of [0, 1, 128, 254, 255]) {
      expect((table[1000 + 100 * gray] ?? 0) & 255).toBe(gray);
    }
    expect((table[0] ?? 0) & 255).toBe(0);
    // What the preview shows as one white: a window above it tells it apart.
    const above = colourTable({ width: 100, level: 320 }, false, deep);
    expect((above[27_000] ?? 0) & 255).toBeLessThan((above[35_000] ?? 0) & 255);
  });

  it("of a deep image goes finer than a gray, and as far as its values do", () => {
    const narrow = windowBy({ width: 4, level: 128 }, 8, 8, deep);
    expect(narrow.width).toBeGreaterThan(4);
    expect(narrow.width).toBeLessThan(5);
    expect(windowBy(FULL, -9999, -9999, deep)).toEqual({ width: 0.02, level: -10 });
    expect(inValues(windowBy(FULL, 0, 9999, deep), deep).level).toBe(65_535);
    expect(inValues(FULL, deep)).toEqual({ width: 25_500, level: 13_800 });
  });
});
