import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useKeysPanel } from "../keys/KeysPanel";
import { Cap } from "../keys/own";
import { GoToButton } from "../goto/GoTo";
import { useSignOut, useUser } from "../session/session";
import { NOTICE } from "../words";
import { Icon } from "./Icon";
import { usePlaces } from "./places";
import { ThemeSwitch } from "./theme";

export function KeysButton() {
  const { show } = useKeysPanel();
  return (
    <button type="button" className="row g8 s12 t2 nw" onClick={show}>
      <Cap of="keys" />
      Keys
    </button>
  );
}

/** Who is signed in, and the way out. */
export function Who() {
  const user = useUser();
  const signOut = useSignOut();
  return (
    <details className="who-menu">
      <summary className="who" aria-label={`${user.initials}: signed in as ${user.username}`}>
        {user.initials}
      </summary>
      <div className="who-panel">
        <span className="t2">{user.username}</span>
        <Link href="/account" className="btn sm">
          Account
        </Link>
        <button type="button" className="btn sm" onClick={() => signOut.mutate()}>
          Sign out
        </button>
      </div>
    </details>
  );
}

function Rail() {
  const [path] = useLocation();
  const here = (to: string) => (to === "/" ? path === "/" : path.startsWith(to));
  return (
    <nav className="rail" aria-label="Pages">
      {usePlaces().map(({ to, words, icon, group }) => (
        <div key={to} className="contents">
          {group ? <h6>{group}</h6> : null}
          <Link href={to} aria-current={here(to) ? "page" : undefined}>
            <Icon name={icon} />
            {words}
          </Link>
        </div>
      ))}
      <span className="sp" />
      <p className="research">{NOTICE}</p>
    </nav>
  );
}

/** The frame of every page but the reading view. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="top">
        <Link href="/" className="mark">
          <Icon name="mark" />
          Overread
        </Link>
        <span className="sp" />
        <GoToButton />
        <span className="sp" />
        <KeysButton />
        <ThemeSwitch />
        <Who />
      </header>
      <div className="page">
        <Rail />
        <main className="main">{children}</main>
      </div>
    </>
  );
}
