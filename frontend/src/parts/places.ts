import { useAdministers, useCurates } from "../session/session";
import type { IconName } from "./Icon";

interface PagePlace {
  to: string;
  words: string;
  icon: IconName;
  group?: string;
  for?: "curators" | "administrators";
}

const PLACES: readonly PagePlace[] = [
  { to: "/", words: "Work list", icon: "list" },
  { to: "/queues", words: "Queues", icon: "queue" },
  { to: "/adjudications", words: "Adjudication", icon: "scales" },
  { to: "/new", words: "New audit", icon: "plus" },
  { to: "/releases", words: "Releases", icon: "release", group: "Data" },
  { to: "/sources", words: "Sources", icon: "note" },
  { to: "/imports", words: "Imports", icon: "upload", for: "curators" },
  { to: "/batches", words: "Batches", icon: "running", for: "curators" },
  { to: "/clearing", words: "Clearing", icon: "eye", for: "curators" },
  { to: "/models", words: "Models", icon: "chip" },
  { to: "/comparisons", words: "Comparisons", icon: "scales", for: "curators" },
  { to: "/people", words: "People", icon: "lock", group: "Platform", for: "administrators" },
  { to: "/failures", words: "Failures", icon: "cross", for: "administrators" },
  { to: "/log", words: "Audit log", icon: "note", for: "administrators" },
];

/** The pages this person may open, in the order of the list on the left. */
export function usePlaces(): readonly PagePlace[] {
  const may = { curators: useCurates(), administrators: useAdministers() };
  return PLACES.filter((place) => !place.for || may[place.for]);
}
