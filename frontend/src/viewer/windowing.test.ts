import { describe, expect, it } from "vitest";
import { colourTable, FULL, nextPreset, PRESETS, windowBy, windowed } from "./windowing";

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
    const table = colourTable(FULL, false);
    expect(table[0]).toBe(0xff000000);
    expect(table[255]).toBe(0xffffffff);
  });

  it("stays in range however far it is dragged", () => {
    expect(windowBy(FULL, -9999, -9999)).toEqual({ width: 1, level: 0 });
    expect(windowBy(FULL, 9999, 9999)).toEqual({ width: 512, level: 255 });
  });

  it("walks through the presets and begins again, from anywhere", () => {
    let window = FULL;
    for (const _ of PRESETS) window = nextPreset(window);
    expect(window).toEqual(FULL);
    expect(nextPreset({ width: 3, level: 3 })).toEqual(FULL);
  });
});
