import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import type { WholeCase, Prior } from "../api/types";
import type { KeyActions } from "../keys/useKeys";
import { linkedView } from "../viewer/geometry";
import { useViewer, type ViewerControl } from "../viewer/useViewer";

export interface PriorControl {
  prior: Prior | null;
  shown: boolean;
  /** The prior's own window and ruler, under the view of the current image. */
  control: ViewerControl;
  /** The image actions while both are shown: what a key does it does to both. */
  actions: KeyActions;
}

const NO_IMAGE = { width: 1, height: 1 };

/** What a key does to how the image looks, as against to where it lies. */
const LOOKS = ["preset", "invert"] as const;

const called = (action: KeyActions[string] | undefined) => {
  if (typeof action === "function") action();
};

function linked(own: ViewerControl, current: ViewerControl, images: [here: Size, there: Size]) {
  const [here, there] = images;
  const at = { image: here, stage: current.state.stage };
  const over = { image: there, stage: own.state.stage };
  const { tool, loupe, view } = current.state;
  const control: ViewerControl = {
    ...own,
    state: { ...own.state, tool, loupe, view: linkedView(view, at, over) },
    change: ({ view: moved, ...part }) => {
      if (moved) current.change({ view: linkedView(moved, over, at) });
      if (Object.keys(part).length > 0) own.change(part);
    },
  };
  return control;
}

type Size = typeof NO_IMAGE;

/** The study before, and whether it stands beside the current one. `ready`: the current is here. */
export function usePrior(
  of: Size & { id: string },
  current: ViewerControl,
  ready: boolean,
): PriorControl {
  const found = useQuery({
    queryKey: ["case", of.id],
    queryFn: () => get<WholeCase>(`cases/${of.id}`),
    select: (answer) => answer.prior,
    enabled: ready,
    staleTime: 60_000,
  });
  const prior = found.data ?? null;
  const [wanted, setWanted] = useState(false);
  const own = useViewer(prior ?? NO_IMAGE);
  const shown = wanted && prior !== null;
  const both = (name: (typeof LOOKS)[number]) => () => {
    called(current.actions[name]);
    called(own.actions[name]);
  };
  return {
    prior,
    shown,
    control: linked(own, current, [of, prior ?? NO_IMAGE]),
    actions: {
      ...current.actions,
      ...(shown ? Object.fromEntries(LOOKS.map((name) => [name, both(name)])) : {}),
      ...(prior ? { prior: () => setWanted((now) => !now) } : {}),
    },
  };
}
