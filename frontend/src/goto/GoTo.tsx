import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { useLocation } from "wouter";
import { Cap } from "../keys/own";
import { useKeys } from "../keys/useKeys";
import { Icon } from "../parts/Icon";
import { type Target, useTargets } from "./useTargets";
import "../styles/goto.css";

const Context = createContext<(() => void) | null>(null);

/** In the top bar of a page. */
export function GoToButton() {
  const show = useContext(Context);
  if (!show) return null;
  return (
    <button type="button" className="chip go-to-button" onClick={show}>
      <Icon name="search" />
      Search or go to
      <span className="sp" />
      <Cap of="goTo" />
    </button>
  );
}

interface ListProps {
  id: string;
  targets: readonly Target[];
  at: number;
  onGo: (target: Target) => void;
}

function List({ id, targets, at, onGo }: ListProps) {
  return (
    <ul id={id} role="listbox" aria-label="Where to" className="go-to-list">
      {targets.map((target, index) => (
        <li
          key={target.to}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => onGo(target)}
        >
          <Icon name={target.icon} />
          <span>{target.words}</span>
          <span className="sp" />
          <span className="s12 t2">{target.kind}</span>
        </li>
      ))}
    </ul>
  );
}

function Panel({ onClose }: { onClose: () => void }) {
  const [, go] = useLocation();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const targets = useTargets(words.trim());
  const at = Math.min(chosen, targets.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  const onGo = ({ to }: Target) => {
    onClose();
    go(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = targets[at];
    if (by) setChosen(Math.max(0, Math.min(at + by, targets.length - 1)));
    else if (event.key === "Enter" && target && !event.nativeEvent.isComposing) onGo(target);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="go-to" aria-label="Search or go to" onClose={onClose}>
      <input
        className="input"
        autoFocus
        role="combobox"
        aria-label="A page, a queue, a case’s code or words of its draft"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={targets[at] ? `${id}-${at}` : undefined}
        placeholder="A page, a queue, a case’s code or words of its draft"
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <List id={id} targets={targets} at={at} onGo={onGo} />
      <p className="row g8 s12 t2">
        <span className="sp" />
        <kbd>Enter</kbd> goes there <kbd>Esc</kbd> stays
      </p>
    </dialog>
  );
}

/** Ctrl K on every page behind the sign-in: to a page, a queue, or the cases of a search. */
export function GoToProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const show = () => setOpen(true);
  useKeys("anywhere", { goTo: show });
  return (
    <Context.Provider value={show}>
      {children}
      {open ? <Panel onClose={() => setOpen(false)} /> : null}
    </Context.Provider>
  );
}
