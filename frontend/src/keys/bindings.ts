/**
 * Which key does what for this person: the key map, and on top of it the keys they chose, kept in
 * their browser. A choice holds for an action wherever it occurs ("edit" is one key everywhere).
 */
import { type Binding, capOf, KEYMAP, keyOf, type Place } from "./keymap";

export type KeyPress = Parameters<typeof keyOf>[0];
type Chosen = Readonly<Record<string, string>>;

const STORED = "overread.keys";
const PLACES = Object.keys(KEYMAP) as Place[];

/** Digits and arrows count by their place, F1 always opens the sheet on which keys are chosen, and
 * no other key may come with Ctrl than the one to go to a page. */
export const isFixed = ({ key, action }: Pick<Binding, "key" | "action">): boolean =>
  action === "keysToo" || action === "goTo" || /^(Shift )?(Digit|Arrow)/.test(key);

export class Bindings {
  private chosen: Chosen = {};
  private listeners = new Set<() => void>();
  /** Actions whose stored key no longer fits: they have their usual one again, and it is said. */
  readonly unfit: readonly string[];

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">) {
    const stored = storedKeys(storage.getItem(STORED));
    const known = Object.entries(stored).filter(
      ([action, key]) => isAction(action) && isOneKey(key),
    );
    this.chosen = Object.fromEntries(known);
    this.dropCollisions();
    this.unfit = Object.keys(stored).filter((action) => !(action in this.chosen));
  }

  /** A new version of the page may have given a chosen key a meaning of its own. */
  private dropCollisions(): void {
    for (;;) {
      const all = Object.entries(this.chosen);
      const unfit = all.find(([action, key]) => this.inTheWay(action, key));
      if (!unfit) return;
      this.chosen = Object.fromEntries(all.filter(([action]) => action !== unfit[0]));
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object as long as no key changes. */
  own = (): Chosen => this.chosen;

  keyOf(binding: Pick<Binding, "key" | "action">): string {
    return this.chosen[binding.action] ?? binding.key;
  }

  /** All bindings that hold in a place, those of `anywhere` among them. */
  at(place: Place): Binding[] {
    const bindings: Binding[] = [
      ...KEYMAP[place],
      ...(place === "anywhere" ? [] : KEYMAP.anywhere),
    ];
    return bindings.map((binding) => ({ ...binding, key: this.keyOf(binding) }));
  }

  /** What a key press does in a place, or null. */
  actionOf(place: Place, press: KeyPress): string | null {
    const key = keyOf(press);
    return this.at(place).find((binding) => binding.key === key)?.action ?? null;
  }

  /**
   * Gives an action another key. What is said back is why it can't have it, in the words of
   * the place at hand; empty when it has.
   */
  choose(action: string, key: string, place: Place): string {
    if (!isOneKey(key)) {
      return `${capOf(key)} is no key for this: take a letter or a sign.`;
    }
    const other = this.inTheWay(action, key, [place, ...PLACES]);
    if (other) {
      return `${capOf(key)} is taken by “${other.words}” (${other.group}). Give that one another key first.`;
    }
    this.put({ ...this.chosen, [action]: key });
    return "";
  }

  reset(): void {
    this.put({});
  }

  /** What has this key already in a place where the action would be too. */
  private inTheWay(action: string, key: string, places = PLACES): Binding | null {
    for (const place of places) {
      const here = this.at(place);
      if (!here.some((binding) => binding.action === action)) continue;
      const other = here.find((binding) => binding.key === key && binding.action !== action);
      if (other) return other;
    }
    return null;
  }

  private put(chosen: Chosen): void {
    this.chosen = Object.fromEntries(
      Object.entries(chosen).filter(([action, key]) => usualKeyOf(action) !== key),
    );
    if (Object.keys(this.chosen).length === 0) this.storage.removeItem(STORED);
    else this.storage.setItem(STORED, JSON.stringify(this.chosen));
    for (const listener of this.listeners) listener();
  }
}

const EVERY: readonly Binding[] = PLACES.flatMap((place): readonly Binding[] => KEYMAP[place]);

const isAction = (action: string): boolean =>
  EVERY.some((binding) => binding.action === action && !isFixed(binding));

export const usualKeyOf = (action: string): string | null =>
  EVERY.find((binding) => binding.action === action)?.key ?? null;

/** A letter or a sign, with Shift for letters: what every layout types without AltGr. */
const isOneKey = (key: string): boolean => /^(Shift )?[^\s\d]$/u.test(key);

function storedKeys(raw: string | null): Record<string, string> {
  try {
    const read: unknown = JSON.parse(raw ?? "{}");
    const pairs = Object.entries(read ?? {}).filter((pair) => typeof pair[1] === "string");
    return Object.fromEntries<string>(pairs);
  } catch {
    // What is no JSON was not written here: there is no choice in it to keep.
    return {};
  }
}
