import { describe, expect, it } from "vitest";
import {
  nextOpen,
  NOTHING_SAID,
  openLabels,
  withBox,
  withRestAbsent,
  withState,
} from "./firstView";

const BOX = { label: "nodule_mass", box: [0.1, 0.1, 0.2, 0.2] } as const;
const seen = { label: BOX.label, box: [...BOX.box] as [number, number, number, number] };

describe("what is said of the image alone", () => {
  it("opens with nothing said, and ends with a state for each label", () => {
    expect(openLabels(NOTHING_SAID)).toHaveLength(5);
    const view = withRestAbsent(withState(NOTHING_SAID, "pneumothorax", "present"));
    expect(openLabels(view)).toEqual([]);
    expect(view.states.pneumothorax).toBe("present");
    expect(view.states.cardiomegaly).toBe("absent");
  });

  it("takes a box as a word that it is there, and keeps a doubt", () => {
    expect(withBox(NOTHING_SAID, seen).states.nodule_mass).toBe("present");
    const doubted = withState(NOTHING_SAID, "nodule_mass", "uncertain");
    expect(withBox(doubted, seen).states.nodule_mass).toBe("uncertain");
  });

  it("has no box of what is not there", () => {
    const view = withState(withBox(NOTHING_SAID, seen), "nodule_mass", "absent");
    expect(view.boxes).toEqual([]);
  });

  it("goes on to the next open label, round the end, and stays when none is", () => {
    const view = withState(NOTHING_SAID, "cardiomegaly", "absent");
    expect(nextOpen(view, "cardiomegaly")).toBe("pleural_effusion");
    expect(nextOpen(withRestAbsent(view), "pneumothorax")).toBe("pneumothorax");
  });
});
