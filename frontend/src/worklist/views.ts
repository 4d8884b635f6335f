/** Views of the work list that somebody named, kept in their browser: the filters as the address has them. */
export interface SavedView {
  name: string;
  query: string;
}

type Kept = Pick<Storage, "getItem" | "setItem">;

const keyOf = (user: string): string => `overread.views.${user}`;

const isView = (value: unknown): value is SavedView =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  typeof value.name === "string" &&
  "query" in value &&
  typeof value.query === "string";

export function storedViews(storage: Kept, user: string): SavedView[] {
  try {
    const read: unknown = JSON.parse(storage.getItem(keyOf(user)) ?? "[]");
    return Array.isArray(read) ? read.filter(isView) : [];
  } catch {
    // What is no JSON was not written here.
    return [];
  }
}

/** A name stands for one view: saved again it stands for the new one. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const others = views.filter(({ name }) => name !== view.name);
  return [...others, view].sort((a, b) => a.name.localeCompare(b.name));
}

export function storeViews(storage: Kept, user: string, views: readonly SavedView[]): void {
  storage.setItem(keyOf(user), JSON.stringify(views));
}

/** The same filters in whatever order they were chosen. */
export function queryOf(filters: object): string {
  const pairs = Object.entries(filters).filter((pair): pair is [string, string] =>
    Boolean(pair[1]),
  );
  return new URLSearchParams(pairs.sort(([a], [b]) => a.localeCompare(b))).toString();
}
