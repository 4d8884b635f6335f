import { describe, expect, it } from "vitest";
import type { Box, Decision, Flag, NamedRead } from "../api/types";
import { drawn, isRuled, ruledAs, ruledBy, sentOf, withoutTopic } from "./rulings";
import { boxesOf, topicsOf, type Topic } from "./topics";

const MODEL: Box = [0.1, 0.1, 0.3, 0.3];
const OWN: Box = [0.2, 0.2, 0.5, 0.5];

const flag = (id: string, kind: Flag["kind"], label: Flag["label"]): Flag =>
  ({
    id,
    kind,
    label,
    reason: kind === "MISSING" ? "omitted" : null,
    reported: kind === "URGENT" ? false : null,
    side: null,
    side_agrees: null,
    boxes: kind === "UNSUPPORTED" ? [] : [MODEL],
    spans: [],
    urgency: null,
    rule: "",
    policy: "1",
  }) as unknown as Flag;

const FLAGS = [
  flag("u", "URGENT", "pneumothorax"),
  flag("m", "MISSING", "pneumothorax"),
  flag("x", "UNSUPPORTED", "cardiomegaly"),
];

const said = (
  id: string,
  verdict: Decision["verdict"],
  part: Partial<Decision> = {},
): Decision => ({
  id: `d-${id}`,
  flag: id,
  verdict,
  reason: null,
  significance: null,
  box: null,
  created_at: "",
  retracted: false,
  ...part,
});

const A: NamedRead = {
  id: "a",
  name: "A",
  decisions: [said("u", "confirmed"), said("m", "confirmed_modified", { box: OWN })],
  missed_findings: [],
};
const B: NamedRead = {
  id: "b",
  name: "B",
  decisions: [said("u", "confirmed"), said("m", "dismissed", { reason: "draft_says_it" })],
  missed_findings: [{ id: "f", label: "nodule_mass", box: OWN, comment: "" }],
};

let made = 0;
const newId = () => `id-${++made}`;

const topics = topicsOf({ flags: FLAGS }, [
  { what: "label", label: "nodule_mass", flag: null },
  { what: "verdict", label: "pneumothorax", flag: "m" },
]);
const [pneumothorax, nodule] = topics as [Topic, Topic];

describe("topics", () => {
  it("hold each difference once, cards first, and only the flags that differ", () => {
    expect(topics.map(({ label }) => label)).toEqual(["pneumothorax", "nodule_mass"]);
    expect(pneumothorax.flags.map(({ id }) => id)).toEqual(["m"]);
    expect(pneumothorax.card?.flags).toHaveLength(2);
    expect(nodule.card).toBeNull();
  });

  it("know whose box lies where", () => {
    expect(boxesOf(A, pneumothorax)).toEqual({ own: [OWN], kept: [] });
    expect(boxesOf(B, pneumothorax)).toEqual({ own: [], kept: [MODEL] });
    expect(boxesOf(B, nodule)).toEqual({ own: [OWN], kept: [] });
  });
});

describe("rulings", () => {
  it("take over what a read said, for what differs and nothing else", () => {
    const { rulings, missed } = sentOf(topics, {
      ...ruledAs(pneumothorax, A, newId),
      ...ruledAs(nodule, A, newId),
    });
    expect(rulings).toMatchObject([{ flag: "m", verdict: "confirmed_modified", box: OWN }]);
    expect(missed).toMatchObject([{ label: "nodule_mass", present: false, box: null }]);
    expect(ruledAs(nodule, B, newId)).toMatchObject({
      "label:nodule_mass": { present: true, box: OWN },
    });
  });

  it("are open until every flag that differs is ruled, and again when taken back", () => {
    const rulings = ruledBy(pneumothorax, { verdict: "confirmed" }, newId);
    expect(isRuled(pneumothorax, rulings)).toBe(true);
    expect(isRuled(nodule, rulings)).toBe(false);
    expect(withoutTopic(rulings, pneumothorax)).toEqual({});
  });

  it("make of a drawn box what fits the kind of flag", () => {
    expect(drawn(pneumothorax, OWN)).toEqual({ verdict: "confirmed_modified", box: OWN });
    expect(drawn(nodule, OWN)).toEqual({ verdict: "confirmed", box: OWN });
    const [unsupported] = topicsOf({ flags: FLAGS }, [
      { what: "verdict", label: "cardiomegaly", flag: "x" },
    ]) as [Topic];
    expect(drawn(unsupported, OWN)).toEqual({ verdict: "dismissed", reason: "on_image", box: OWN });
  });
});
