import { useMemo, useState } from "react";
import type { KeyActions } from "../keys/useKeys";
import { FITTED, fitOrFull, type Size, turned, type View, zoomed } from "./geometry";
import { MIDDLE_RULER, movedPoint, type Ruler } from "./ruler";
import { type Depth, NO_DEPTH } from "./useImage";
import { FULL, nextPreset, type Window } from "./windowing";

export type Tool = "window" | "move" | "measure";

/** Everything the reader can change about how the image is shown. */
export interface ViewerState {
  view: View;
  window: Window;
  inverted: boolean;
  tool: Tool;
  loupe: boolean;
  boxesHidden: boolean;
  /** What was measured last; one line at a time. */
  ruler: Ruler | null;
  stage: Size;
  /** Told by the stage: how deep the image is that is shown. */
  depth: Depth;
  /** Whether the window was ever changed: recorded with each decision. */
  windowChanged: boolean;
}

export interface ViewerControl {
  state: ViewerState;
  change: (part: Partial<ViewerState>) => void;
  /** The image actions of the key map. */
  actions: KeyActions;
}

const START: ViewerState = {
  view: FITTED,
  window: FULL,
  inverted: false,
  tool: "window",
  loupe: false,
  boxesHidden: false,
  ruler: null,
  depth: NO_DEPTH,
  stage: { width: 1, height: 1 },
  windowChanged: false,
};

const ZOOM_STEP = 1.25;

const RULER_STEP = 0.004;

/** Arrows move the end of the ruler, Shift and arrows its beginning. */
function rulerKeys(setState: (next: (now: ViewerState) => ViewerState) => void): KeyActions {
  const moved = (end: keyof Ruler, x: number, y: number) => () =>
    setState((now) => {
      const ruler = now.ruler ?? MIDDLE_RULER;
      const by = { x: x * RULER_STEP, y: y * RULER_STEP };
      return { ...now, ruler: { ...ruler, [end]: movedPoint(ruler[end], by) } };
    });
  return {
    rulerLeft: moved("to", -1, 0),
    rulerRight: moved("to", 1, 0),
    rulerUp: moved("to", 0, -1),
    rulerDown: moved("to", 0, 1),
    rulerStartLeft: moved("from", -1, 0),
    rulerStartRight: moved("from", 1, 0),
    rulerStartUp: moved("from", 0, -1),
    rulerStartDown: moved("from", 0, 1),
  };
}

/** View, window, tool and ruler of one image. */
export function useViewer(image: Size): ViewerControl {
  const [state, setState] = useState(START);
  return useMemo(() => {
    const change = (part: Partial<ViewerState>) => setState((now) => ({ ...now, ...part }));
    const zoom = (factor: number) =>
      setState((now) => {
        const centre = { x: now.stage.width / 2, y: now.stage.height / 2 };
        return { ...now, view: zoomed(now.view, factor, centre, image, now.stage) };
      });
    const actions: KeyActions = {
      window: () => change({ tool: "window" }),
      move: () => change({ tool: "move" }),
      measure: () =>
        setState((now) =>
          now.tool === "measure"
            ? { ...now, tool: "window", ruler: null }
            : { ...now, tool: "measure" },
        ),
      preset: () =>
        setState((now) => ({ ...now, window: nextPreset(now.window), windowChanged: true })),
      loupe: () => setState((now) => ({ ...now, loupe: !now.loupe })),
      fit: () => setState((now) => ({ ...now, view: fitOrFull(now.view) })),
      invert: () => setState((now) => ({ ...now, inverted: !now.inverted, windowChanged: true })),
      rotate: () => setState((now) => ({ ...now, view: turned(now.view) })),
      zoomIn: () => zoom(ZOOM_STEP),
      zoomOut: () => zoom(1 / ZOOM_STEP),
      zoomOutToo: () => zoom(1 / ZOOM_STEP),
      hide: {
        down: () => change({ boxesHidden: true }),
        up: () => change({ boxesHidden: false }),
      },
    };
    if (state.tool === "measure") Object.assign(actions, rulerKeys(setState));
    return { state, change, actions };
  }, [state, image]);
}
