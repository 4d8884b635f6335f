import { describe, expect, it } from "vitest";
import type { Claim, Flag, Mention, Span } from "../api/types";
import type { Card } from "./flags";
import { linesOf } from "./lines";
import { marksOf, segmentsOf, unitsOf } from "./spans";

function mention(start: number, end: number, part: Partial<Mention> = {}): Mention {
  return {
    id: `${start}-${end}`,
    label: "pneumothorax",
    state: "absent",
    start,
    end,
    text: "",
    cue: "",
    rule: "",
    section: "",
    overruled: false,
    side: null,
    location: null,
    severity: null,
    change: null,
    size_mm: null,
    ...part,
  };
}

function card(number: number, spans: Span[], part: Partial<Flag> = {}): Card {
  const flag: Flag = {
    id: `flag-${number}`,
    kind: "MISSING",
    label: "pneumothorax",
    reason: "denied",
    reported: null,
    side: null,
    side_agrees: null,
    boxes: [],
    spans,
    rule: "",
    urgency: null,
    ...part,
  };
  return { number, label: flag.label, flags: [flag] };
}

function claim(text: string, whole: string, part: Partial<Claim> = {}): Claim {
  const start = [...whole.slice(0, whole.indexOf(text))].length;
  return {
    start,
    end: start + [...text].length,
    text,
    type: "finding",
    labels: [],
    alignment: null,
    penalty: 0,
    cause: "",
    overconfident: [],
    suggestion: null,
    ...part,
  };
}

const cut = (text: string, marks: ReturnType<typeof marksOf>) =>
  segmentsOf(text, marks, 0, text.length);

describe("unitsOf", () => {
  it("counts characters outside the basic plane as Python does", () => {
    const text = "🫁 No pneumothorax";
    const units = unitsOf(text);
    // Python: text[2:17] == "No pneumothorax"
    expect(text.slice(units(2), units(17))).toBe("No pneumothorax");
  });

  it("holds offsets beyond the end at the end", () => {
    expect(unitsOf("abc")(99)).toBe(3);
  });
});

describe("segmentsOf", () => {
  const text = "No effusion or pneumothorax.";

  it("keeps every character once and in order", () => {
    const marks = marksOf(text, [mention(0, 11), mention(3, 27), mention(15, 27)], [], []);
    expect(
      cut(text, marks)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(text);
  });

  it("cuts overlapping mentions where either begins or ends", () => {
    const marks = marksOf(text, [mention(0, 11), mention(3, 27)], [], []);
    expect(cut(text, marks).map((segment) => segment.text)).toEqual([
      "No ",
      "effusion",
      " or pneumothorax",
      ".",
    ]);
  });

  it("lets present win over uncertain and absent, and a counting mention over an overruled one", () => {
    const marks = marksOf(
      text,
      [
        mention(0, 27, { state: "present", overruled: true }),
        mention(0, 27, { state: "absent" }),
        mention(0, 27, { state: "uncertain" }),
      ],
      [],
      [],
    );
    expect(cut(text, marks)[0]?.mention?.state).toBe("uncertain");
  });

  it("lets the mention behind a flag win where phrases overlap", () => {
    const marks = marksOf(
      text,
      [
        mention(0, 27, { label: "pleural_effusion", state: "present" }),
        mention(0, 27, { label: "pneumothorax", state: "absent" }),
      ],
      [card(1, [[0, 27]])],
      [],
    );
    expect(cut(text, marks)[0]?.mention?.label).toBe("pneumothorax");
  });

  it("numbers a phrase once, at its end, even when two flags of a card rest on it", () => {
    const shared = card(2, [[0, 27]]);
    shared.flags.push({ ...shared.flags[0], id: "urgent", kind: "URGENT" } as Flag);
    const marks = marksOf(text, [mention(0, 11)], [shared], []);
    expect(cut(text, marks).map((segment) => segment.endsOf.map((each) => each.number))).toEqual([
      [],
      [2],
      [],
    ]);
  });

  it("marks two cards on one phrase in order of their numbers", () => {
    const marks = marksOf(text, [], [card(3, [[0, 27]]), card(1, [[0, 27]])], []);
    expect(cut(text, marks)[0]?.cards.map((each) => each.number)).toEqual([1, 3]);
  });
});

describe("linesOf", () => {
  it("puts each claim on a line and headings on their own", () => {
    const text = "FINDINGS: Heart size normal. Lungs clear.\nIMPRESSION: No pneumothorax.";
    const claims = [
      claim("Heart size normal.", text),
      claim("Lungs clear.", text),
      claim("IMPRESSION: No pneumothorax.", text),
    ];
    expect(
      linesOf(text, claims).map((line) => [line.kind, text.slice(line.start, line.end)]),
    ).toEqual([
      ["heading", "FINDINGS:"],
      ["claim", "Heart size normal."],
      ["claim", "Lungs clear."],
      ["heading", "IMPRESSION:"],
      ["claim", "No pneumothorax."],
    ]);
  });

  it("keeps the full stop behind a claim on the claim's line", () => {
    const text = "No pneumothorax. Lungs clear.";
    const claims = [claim("No pneumothorax", text), claim("Lungs clear", text)];
    expect(linesOf(text, claims).map((line) => text.slice(line.start, line.end))).toEqual([
      "No pneumothorax.",
      "Lungs clear.",
    ]);
  });

  it("shows text that no claim covers", () => {
    const text = "🫁 Dictated by A.\nNo effusion. Signed.";
    const claims = [claim("No effusion.", text)];
    expect(linesOf(text, claims).map((line) => text.slice(line.start, line.end))).toEqual([
      "🫁 Dictated by A.",
      "No effusion.",
      "Signed.",
    ]);
  });

  it("shows a draft without claims by its own lines", () => {
    expect(linesOf("one\n\ntwo", []).map((line) => line.kind)).toEqual(["text", "text"]);
  });
});
