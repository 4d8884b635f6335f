import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { count } from "../words";
import { isFixed } from "./bindings";
import { type Binding, capOf, keyOf, type Place } from "./keymap";
import { bindings } from "./own";
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
  useLayoutEffect(() => {
    setPlace(place);
    return () => setPlace("anywhere");
  }, [place, setPlace]);
}

interface Row {
  words: string;
  bindings: Binding[];
}

/** Bindings with the same words stand on one row ("1 … 8", the arrows). */
const rowsOf = (group: Binding[]): Row[] =>
  [...Map.groupBy(group, ({ words }) => words)].map(([words, rows]) => ({
    words,
    bindings: rows,
  }));

function shortened(caps: string[]): string[] {
  if (caps[0]?.startsWith("Shift Arrow")) return ["Shift Arrows"];
  if (caps[0]?.startsWith("Arrow")) return ["Arrows"];
  return caps.length > 2 ? [`${caps[0]} to ${caps.at(-1)}`] : caps;
}

interface Choice {
  /** The action that waits for its new key. */
  waiting: string | null;
  begin: (action: string) => void;
}

function KeyRow({ row, choice }: { row: Row; choice: Choice }) {
  const { words, bindings: own } = row;
  if (own.some(isFixed)) {
    return (
      <div className="row g8 s12 t2 keyr">
        {shortened(own.map(({ key }) => capOf(key))).map((cap) => (
          <kbd key={cap}>{cap}</kbd>
        ))}
        {words}
      </div>
    );
  }
  return (
    <div className="row g8 s12 t2 keyr">
      {own.map(({ action, key }) => (
        <button
          key={action}
          type="button"
          className="key-choice"
          aria-label={`${words}: ${capOf(key)}, choose another key`}
          onClick={() => choice.begin(action)}
        >
          <kbd>{choice.waiting === action ? "Press" : capOf(key)}</kbd>
        </button>
      ))}
      {words}
    </div>
  );
}

function Group({ name, rows, choice }: { name: string; rows: Row[]; choice: Choice }) {
  return (
    <section>
      <h3 className="b s12">{name}</h3>
      {rows.map((row) => (
        <KeyRow key={row.words} row={row} choice={choice} />
      ))}
    </section>
  );
}

const bindingsOf = (place: Place): Binding[] => [
  ...bindings.at(place),
  ...(place === "reading" || place === "blind"
    ? bindings
        .at("editing")
        .filter(({ words, group }) => group === "Boxes" && /Move|Resize|Next box/.test(words))
    : []),
];

const EXPLAINED =
  "To change a key press it here, then the new one. Digits, arrows, F1 and Ctrl K stay.";

/** Takes the next key press for the action that waits for one. */
function useChoice(place: Place) {
  const [waiting, setWaiting] = useState<string | null>(null);
  const [said, setSaid] = useState(unfitWords);
  const take = (event: KeyboardEvent<HTMLDialogElement>) => {
    if (!waiting || MODIFIERS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const key = event.key === "Escape" ? null : keyOf(event);
    if (key) setSaid(bindings.choose(waiting, key, place) || "Kept in this browser.");
    else setSaid(event.key === "Escape" ? "" : "That key is the browser’s own, or types nothing.");
    setWaiting(null);
  };
  const begin = (action: string) => {
    setWaiting(action);
    setSaid("Press the new key. Esc keeps the old one.");
  };
  const reset = () => {
    bindings.reset();
    setSaid("Every action has its usual key again.");
  };
  return { choice: { waiting, begin }, said, take, reset };
}

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"]);

function unfitWords(): string {
  const { length } = bindings.unfit;
  return length === 0
    ? ""
    : `${count(length, "key")} of yours fits no more and is the usual one again.`;
}

function Panel({ place, onClose }: { place: Place; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const own = useSyncExternalStore(bindings.subscribe, bindings.own);
  const { choice, said, take, reset } = useChoice(place);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const groups = Map.groupBy(bindingsOf(place), (binding) => binding.group);
  return (
    <dialog
      ref={dialog}
      className="keys-panel"
      aria-label="Keys"
      onClose={onClose}
      onKeyDown={take}
    >
      <div className="row g12">
        <h2 className="b">Keys</h2>
        <p className="s12 t3" role="status">
          {said || EXPLAINED}
        </p>
        <span className="sp" />
        {Object.keys(own).length > 0 ? (
          <button type="button" className="btn sm q" onClick={reset}>
            Usual keys again
          </button>
        ) : null}
        <button type="button" className="btn sm q" onClick={() => dialog.current?.close()}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <div className="keys-groups">
        {[...groups].map(([name, group]) => (
          <Group key={name} name={name} rows={rowsOf(group)} choice={choice} />
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
