import type { IconName } from "../parts/Icon";
import { usePlaces } from "../parts/places";
import { useQueues } from "../queues/useQueues";

export interface Target {
  to: string;
  words: string;
  kind: "Page" | "Queue" | "Work list";
  icon: IconName;
}

/** Where the words may lead: pages and queues by their names, cases and drafts by the work list.
 *
 * Cases are not looked up while somebody types: whoever was shown an audit in passing could not
 * read its case blind any more. */
export function useTargets(words: string): readonly Target[] {
  const places = usePlaces();
  const queues = useQueues().data?.results ?? [];
  const has = (name: string) => name.toLowerCase().includes(words.toLowerCase());
  const pages = places
    .filter((place) => has(place.words))
    .map(({ to, words: name, icon }): Target => ({ to, words: name, icon, kind: "Page" }));
  if (!words) return pages;
  const named = queues
    .filter(({ name }) => has(name))
    .map(({ id, name }): Target => ({
      to: `/queues/${id}`,
      words: name,
      kind: "Queue",
      icon: "queue",
    }));
  const found: Target = {
    to: `/?q=${encodeURIComponent(words)}`,
    words: `Cases and drafts with “${words}”`,
    kind: "Work list",
    icon: "search",
  };
  return [...pages, ...named, found];
}
