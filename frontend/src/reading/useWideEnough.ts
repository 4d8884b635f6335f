import { useSyncExternalStore } from "react";

const query = matchMedia("(min-width: 1024px)");

function subscribe(listener: () => void): () => void {
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** An X-ray is not read on less than 1024 px. */
export const useWideEnough = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
