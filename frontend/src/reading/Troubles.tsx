import { useState } from "react";
import type { Entry } from "../outbox/outbox";
import { useOutbox } from "../outbox/OutboxProvider";
import { Banner } from "../parts/Banner";
import { SignInForm } from "../session/SignIn";
import { count } from "../words";
import { useNow } from "./ReadingTop";

interface TroublesProps {
  entry: Entry;
  expiresAt: number | null;
  /** What the reader has said on this item, sent or not. */
  said: number;
  onTakeBack: () => void;
  onNext: () => void;
}

function SignInAgain() {
  const outbox = useOutbox();
  const [open, setOpen] = useState(false);
  if (open) return <SignInForm onDone={() => outbox.flushAll()} />;
  return (
    <Banner
      icon="keyboard"
      title="Sign in again to go on"
      action={
        <button type="button" className="btn sm go" onClick={() => setOpen(true)}>
          Sign in
        </button>
      }
    >
      You stay on this item. Nothing is lost.
    </Banner>
  );
}

/** What happened, what is kept, what to do: above the flags, never over the image. */
export function Troubles({ entry, expiresAt, said, onTakeBack, onNext }: TroublesProps) {
  const now = useNow(expiresAt);
  const kept = count(said, "decision");
  const { trouble } = entry;
  if (trouble === "session") return <SignInAgain />;
  if (trouble === "lease_taken" || trouble === "already_submitted") {
    const title =
      trouble === "lease_taken" ? "Another reader has this item now" : "This read is submitted";
    return (
      <Banner
        icon="lock"
        title={title}
        action={
          <button type="button" className="btn sm" onClick={onNext}>
            Next
          </button>
        }
      >
        Your {kept} are kept, not counted.
      </Banner>
    );
  }
  if (trouble === "lease_expired" || (expiresAt !== null && expiresAt <= now)) {
    return (
      <Banner
        icon="clock"
        title="Your time on this item ran out"
        action={
          <button type="button" className="btn sm" onClick={onTakeBack}>
            Take it back
          </button>
        }
      >
        {kept} kept as a draft. Nobody else has taken it.
      </Banner>
    );
  }
  if (trouble === "offline") {
    return (
      <Banner
        icon="dots"
        title={`Offline. ${count(entry.unsent.length, "decision")} kept on this computer`}
        action={<span className="s12 t2">Trying</span>}
      >
        Keep reading. They are sent when the network is back.
      </Banner>
    );
  }
  if (trouble === "refused") {
    return (
      <Banner icon="cross" title="An answer was refused and is not counted">
        {entry.message} Answer the flag again.
      </Banner>
    );
  }
  return null;
}
