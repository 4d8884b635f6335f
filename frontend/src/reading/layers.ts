/** What an answer says of each part of a flag: the table of `inference.decisions`, as JSON. */
import type { Decision, Flag, Layers } from "../api/types";
import type { Card } from "./flags";
import TABLE from "./layers.json";

export type Layer = keyof Layers;

/** In the order of the digits. */
export const LAYERS: readonly Layer[] = ["finding_true", "box_right", "draft_read_right"];

export const LAYER_WORDS: Record<Layer, { name: string; yes: string; no: string }> = {
  finding_true: { name: "Finding", yes: "There", no: "Not there" },
  box_right: { name: "Box", yes: "Right", no: "Wrong" },
  draft_read_right: { name: "Draft", yes: "Read right", no: "Misread" },
};

const UNSAID: Layers = { finding_true: null, box_right: null, draft_read_right: null };

type Said = Pick<Decision, "verdict" | "reason">;
type Rows = Partial<Record<string, Layers>>;

/** What follows for each layer from verdict and reason. */
export function derivedLayers(kind: Flag["kind"], { verdict, reason }: Said): Layers {
  const rows = TABLE[kind];
  if (verdict === "confirmed") return rows.confirmed;
  if (verdict === "confirmed_modified") return rows.confirmed_modified ?? UNSAID;
  if (verdict === "indeterminate" || !reason) return UNSAID;
  return (rows.dismissed as Rows)[reason] ?? UNSAID;
}

/** What the decision says: what follows, and over it what the reader says otherwise. */
export function layersOf(kind: Flag["kind"], decision: Decision): Layers {
  return { ...derivedLayers(kind, decision), ...decision.layers };
}

/** A layer of a card: an URGENT flag says nothing of the draft, so MISSING beside it does. */
export interface LayerOfCard {
  layer: Layer;
  value: boolean | null;
  /** The reader said otherwise than what follows. */
  byHand: boolean;
}

export function layersOfCard(card: Card, live: ReadonlyMap<string, Decision>): LayerOfCard[] {
  return LAYERS.map((layer) => {
    const flags = card.flags.filter((flag) => concerns(flag, layer));
    const [flag] = flags.filter(({ id }) => live.has(id));
    const decision = flag && live.get(flag.id);
    if (!flag || !decision) return { layer, value: null, byHand: false };
    const value = layersOf(flag.kind, decision)[layer];
    return { layer, value, byHand: value !== derivedLayers(flag.kind, decision)[layer] };
  });
}

/** Whether a flag has such a layer at all. */
export function concerns(flag: Pick<Flag, "kind">, layer: Layer): boolean {
  if (flag.kind === "URGENT") return layer !== "draft_read_right";
  return flag.kind === "MISSING" || layer !== "box_right";
}

const NEXT = new Map<boolean | null, boolean | null>([
  [true, false],
  [false, null],
  [null, true],
]);

/** A press on a layer goes round: yes, no, not said. Only what differs from what follows is kept. */
export function turnedLayer(flag: Flag, decision: Decision, layer: Layer): Partial<Layers> {
  if (!concerns(flag, layer)) return otherwise(flag.kind, decision);
  const turned = { ...layersOf(flag.kind, decision) };
  turned[layer] = NEXT.get(turned[layer]) ?? null;
  return otherwise(flag.kind, { ...decision, layers: turned });
}

/** Of a decision's layers those that do not simply follow. */
export function otherwise(kind: Flag["kind"], decision: Decision): Partial<Layers> {
  const derived = derivedLayers(kind, decision);
  const said = layersOf(kind, decision);
  return Object.fromEntries(
    LAYERS.filter((layer) => said[layer] !== derived[layer]).map((layer) => [layer, said[layer]]),
  );
}
