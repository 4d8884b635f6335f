import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Binding, capOf, KEYMAP, type Place } from "./keymap";
import { useKeys } from "./useKeys";

interface KeysPanelState {
  show: () => void;
  setPlace: (place: Place) => void;
}

const Context = createContext<KeysPanelState>({ show: () => undefined, setPlace: () => undefined });

export const useKeysPanel = (): KeysPanelState => useContext(Context);

/** Tells the panel which keys the page has. */
export function useKeysOf(place: Place): void {
  const { setPlace } = useKeysPanel();
  useEffect(() => {
    setPlace(place);
    return () => setPlace("anywhere");
  }, [place, setPlace]);
}

interface Row {
  caps: string[];
  words: string;
}

/** Bindings with the same words stand on one row ("1 … 8", the arrows). */
function rowsOf(bindings: Binding[]): Row[] {
  const rows = new Map<string, string[]>();
  for (const { key, words } of bindings) rows.set(words, [...(rows.get(words) ?? []), capOf(key)]);
  return [...rows].map(([words, caps]) => ({ words, caps: shortened(caps) }));
}

function shortened(caps: string[]): string[] {
  if (caps[0]?.startsWith("Shift Arrow")) return ["Shift Arrows"];
  if (caps[0]?.startsWith("Arrow")) return ["Arrows"];
  return caps.length > 2 ? [`${caps[0]} to ${caps.at(-1)}`] : caps;
}

function Group({ name, bindings }: { name: string; bindings: Binding[] }) {
  return (
    <section>
      <h3 className="b s12">{name}</h3>
      {rowsOf(bindings).map(({ words, caps }) => (
        <div key={words} className="row g8 s12 t2 keyr">
          {caps.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
          {words}
        </div>
      ))}
    </section>
  );
}

const bindingsOf = (place: Place): Binding[] => [
  ...KEYMAP[place],
  ...(place === "reading" || place === "blind"
    ? KEYMAP.editing.filter(({ words }) => /Move|Resize|Next box/.test(words))
    : []),
  ...(place === "anywhere" ? [] : KEYMAP.anywhere),
];

function Panel({ place, onClose }: { place: Place; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const groups = Map.groupBy(bindingsOf(place), (binding) => binding.group);
  return (
    <dialog ref={dialog} className="keys-panel" aria-label="Keys" onClose={onClose}>
      <div className="row">
        <h2 className="b">Keys</h2>
        <span className="sp" />
        <button type="button" className="btn sm q" onClick={() => dialog.current?.close()}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <div className="keys-groups">
        {[...groups].map(([name, bindings]) => (
          <Group key={name} name={name} bindings={bindings} />
        ))}
      </div>
    </dialog>
  );
}

/** Holds the panel of keys, opened with ? or F1 on every page. */
export function KeysPanelProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<Place>("anywhere");
  const [open, setOpen] = useState(false);
  const state = useMemo(() => ({ show: () => setOpen(true), setPlace }), []);
  useKeys("anywhere", { keys: state.show, keysToo: state.show });
  return (
    <Context.Provider value={state}>
      {children}
      {open ? <Panel place={place} onClose={() => setOpen(false)} /> : null}
    </Context.Provider>
  );
}
