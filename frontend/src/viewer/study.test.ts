import { describe, expect, it } from "vitest";
import { FITTED, type QuarterTurns, toStage } from "./geometry";
import { isMirrored, scaleWords, sidesOf, sideWords, spacingOf, type Study } from "./study";

const IMAGE = { width: 1920, height: 2320 };
const STAGE = { width: 900, height: 800 };
const TURNS: QuarterTurns[] = [0, 1, 2, 3];

const study = (part: Partial<Study>): Study => ({
  ...IMAGE,
  code: "1a2b3c4d",
  view: "PA",
  image_url: "",
  pixels_url: null,
  pixel_spacing: null,
  patient_orientation: null,
  ...part,
});

const where = (of: Study, turns: QuarterTurns = 0): Record<string, string> =>
  Object.fromEntries(sidesOf(of, turns).map(({ edge, letter }) => [letter, edge]));

describe("the patient's sides", () => {
  it.each(TURNS)("turn with the image, %d turns", (turns) => {
    const view = { ...FITTED, turns };
    const right = toStage({ x: 0, y: 0.5 }, view, IMAGE, STAGE);
    const centre = { x: STAGE.width / 2, y: STAGE.height / 2 };
    const edge = where(study({}), turns).R ?? "";
    const seen: Record<string, boolean> = {
      left: right.x < centre.x - 1,
      right: right.x > centre.x + 1,
      top: right.y < centre.y - 1,
      bottom: right.y > centre.y + 1,
    };
    expect(seen[edge]).toBe(true);
    expect(where(study({}), turns).L).not.toBe(edge);
  });

  it("are where the file says, also in a picture that lies the wrong way round", () => {
    const mirrored = study({ patient_orientation: { right: "R", bottom: "F" } });
    expect(where(mirrored)).toEqual({ L: "left", R: "right" });
    expect(isMirrored(mirrored)).toBe(true);
    expect(isMirrored(study({ patient_orientation: { right: "L", bottom: "F" } }))).toBe(false);
    expect(isMirrored(study({}))).toBe(false);
  });

  it("are not guessed in a lateral view, and told where they are known", () => {
    const lateral = study({ view: "LATERAL" });
    expect(where(lateral)).toEqual({});
    const told = { ...lateral, patient_orientation: { right: "AL", bottom: "F" } };
    expect(where(told)).toEqual({ A: "right", P: "left" });
    expect(sidesOf(told, 0).map(sideWords)).toContain("The patient's front, as the file says");
  });
});

describe("the scale", () => {
  it("is that of the file, and says in which plane", () => {
    const of = study({ pixel_spacing: { row_mm: 0.2, column_mm: 0.1, source: "imager" } });
    expect(spacingOf(of)).toEqual([0.2, 0.1]);
    expect(scaleWords(of)).toBe("mm at the detector");
    expect(spacingOf(study({}))).toBeNull();
    expect(scaleWords(study({}))).toBe("No mm scale");
  });
});
