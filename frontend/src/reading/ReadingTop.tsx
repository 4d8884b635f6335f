import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { Case, Queue } from "../api/types";
import type { Entry } from "../outbox/outbox";
import { KeysButton, Who } from "../parts/Frame";
import { Icon, type IconName } from "../parts/Icon";
import { ThemeSwitch } from "../parts/theme";
import { timeLeft } from "../words";

const SHORT_MS = 120_000;

/** The clock in steps of a minute, of a second only when time is short. */
export function useNow(until: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until === null) return;
    const left = until - now;
    if (left <= -1000) return;
    const timer = setTimeout(() => setNow(Date.now()), left < SHORT_MS + 60_000 ? 1000 : 15_000);
    return () => clearTimeout(timer);
  }, [until, now]);
  return now;
}

/** How long the item is still this person's. */
export function Lease({ expiresAt }: { expiresAt: number | null }) {
  const now = useNow(expiresAt);
  if (expiresAt === null) return null;
  const left = expiresAt - now;
  const short = left < SHORT_MS;
  return (
    <span
      className={`row g8 s12 nw ${short ? "b" : "t2"}`}
      title="Renewed while you work"
      role="timer"
    >
      <Icon name="clock" />
      {left > 0 ? `Yours for ${timeLeft(left)}` : "Time ran out"}
    </span>
  );
}

/** What is saved and what is not. */
export function savedWords({ ops, unsent, trouble }: Entry): [icon: IconName, words: string] {
  const kept = unsent.length;
  if (trouble === "offline") return ["dots", `Offline, ${kept} kept here`];
  if (trouble === "session") return ["keyboard", `Signed out, ${kept} kept here`];
  if (trouble === "lease_taken") return ["lock", "Kept, not counted"];
  if (trouble === "refused") return ["cross", "One answer was refused"];
  if (kept > 0) return ["dots", `Saving ${kept}`];
  return ["check", ops.length > 0 ? "Saved" : "Nothing to save"];
}

interface ReadingTopProps {
  queue: Queue | null;
  /** Absent while it is read blind: its page tells what comes later. */
  of?: Case;
  expiresAt: number | null;
  /** Absent when the audit can only be looked at. */
  entry: Entry | null;
  /** What is saved, where the outbox does not know it. */
  saved?: readonly [icon: IconName, words: string];
}

export function ReadingTop({ queue, of, expiresAt, entry, saved }: ReadingTopProps) {
  const [icon, words] = saved ?? (entry ? savedWords(entry) : (["lock", "Read-only"] as const));
  const { submitted = 0, slots = 0 } = queue?.counts ?? {};
  return (
    <header className="top">
      <Link href="/" className="mark" aria-label="Overread, to the work list">
        <Icon name="mark" />
        <span className="when-wide">Overread</span>
      </Link>
      <span className="v" />
      <span className="md nw">{queue?.name}</span>
      <span className="row g8 nw">
        <span className="bar progress" aria-hidden="true">
          <i style={{ width: `${slots ? (submitted / slots) * 100 : 0}%` }} />
        </span>
        <span className="s12 t2">
          {submitted} of {slots} read
        </span>
      </span>
      {of ? (
        <Link href={`/cases/${of.id}`} className="s12 m" title="The case with its history">
          {of.code}
        </Link>
      ) : null}
      <span className="sp" />
      <Lease expiresAt={expiresAt} />
      <span className="row g8 s12 t2 nw saved" role="status">
        <Icon name={icon} />
        {words}
      </span>
      <span className="v" />
      <KeysButton />
      <ThemeSwitch />
      <Who />
    </header>
  );
}
