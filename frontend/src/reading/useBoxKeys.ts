import { useRef } from "react";
import type { Box } from "../api/types";
import type { KeyActions } from "../keys/useKeys";
import { movedBox, resizedBox } from "../viewer/boxes";
import type { Point } from "../viewer/geometry";
import { CENTRE_BOX } from "./mode";

const STEP = 0.004;
const FASTEST = 6;
const HELD_MS = 120;

/** Arrows move the box, Shift and arrows its last edges; held arrows speed up. */
export function useBoxKeys(box: Box | null, onChange: (box: Box) => void): KeyActions {
  const pace = useRef({ at: 0, speed: 1 });
  const latest = useRef(box);
  latest.current = box;

  const step = (): number => {
    const now = performance.now();
    const held = now - pace.current.at < HELD_MS;
    pace.current = { at: now, speed: held ? Math.min(FASTEST, pace.current.speed + 0.25) : 1 };
    return STEP * pace.current.speed;
  };
  const change = (apply: (box: Box, by: Point) => Box, x: number, y: number) => () => {
    const from = latest.current;
    if (!from) return onChange(CENTRE_BOX);
    const by = step();
    latest.current = apply(from, { x: x * by, y: y * by });
    onChange(latest.current);
  };
  const resized = (from: Box, by: Point) =>
    resizedBox(from, { x: by.x ? 1 : 0, y: by.y ? 1 : 0 }, by);
  return {
    left: change(movedBox, -1, 0),
    right: change(movedBox, 1, 0),
    up: change(movedBox, 0, -1),
    down: change(movedBox, 0, 1),
    narrower: change(resized, -1, 0),
    wider: change(resized, 1, 0),
    shorter: change(resized, 0, -1),
    taller: change(resized, 0, 1),
  };
}
