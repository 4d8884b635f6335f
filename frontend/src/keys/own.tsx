import { useSyncExternalStore } from "react";
import { Bindings, usualKeyOf } from "./bindings";
import { capOf } from "./keymap";

/** The keys of the person at this browser. */
export const bindings = new Bindings(localStorage);

/** How the key of an action is written on its cap. */
export function useCap(): (action: string) => string {
  const own = useSyncExternalStore(bindings.subscribe, bindings.own);
  return (action) => capOf(own[action] ?? usualKeyOf(action) ?? "");
}

/** The cap of an action, beside the words it stands for. */
export function Cap({ of }: { of: string }) {
  return <kbd>{useCap()(of)}</kbd>;
}
