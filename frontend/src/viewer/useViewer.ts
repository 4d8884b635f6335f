import { useMemo, useState } from "react";
import type { KeyActions } from "../keys/useKeys";
import { FITTED, fitOrFull, type Size, turned, type View, zoomed } from "./geometry";
import { FULL, nextPreset, type Window } from "./windowing";

export type Tool = "window" | "move";

/** Everything the reader can change about how the image is shown. */
export interface ViewerState {
  view: View;
  window: Window;
  inverted: boolean;
  tool: Tool;
  loupe: boolean;
  boxesHidden: boolean;
  stage: Size;
  /** Whether the window was ever changed: recorded with each decision. */
  windowChanged: boolean;
}

export interface ViewerControl {
  state: ViewerState;
  change: (part: Partial<ViewerState>) => void;
  /** The image actions of the key map. */
  actions: KeyActions;
  reset: () => void;
}

const START: ViewerState = {
  view: FITTED,
  window: FULL,
  inverted: false,
  tool: "window",
  loupe: false,
  boxesHidden: false,
  stage: { width: 1, height: 1 },
  windowChanged: false,
};

const ZOOM_STEP = 1.25;

/** View, window and tool of one image; a new item starts afresh and keeps the tool. */
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
    const reset = () => setState((now) => ({ ...START, tool: now.tool, stage: now.stage }));
    return { state, change, actions, reset };
  }, [state, image]);
}
