import type { KeyboardEvent, RefObject } from "react";
import type { Opened } from "../api/types";
import { Cap } from "../keys/own";
import { Banner } from "../parts/Banner";
import type { useSettle } from "./useAdjudications";
import type { RulingsControl } from "./useRulings";

interface OutcomeProps {
  held: Opened;
  room: RulingsControl;
  left: string;
  settle: ReturnType<typeof useSettle>;
  onSettle: () => void;
  onRetake: () => void;
  why: RefObject<HTMLTextAreaElement | null>;
}

/** Nothing of a settled outcome is edited: it is shown with its reason. */
function Settled({ held }: { held: Opened }) {
  return (
    <div className="foot">
      <p className="s12 t2">You settled this item. The outcome stays as it is.</p>
      <p>{held.outcome?.reason}</p>
    </div>
  );
}

/** What went wrong with settling, and that nothing ruled is lost. */
function Trouble({
  settle,
  onSettle,
  onRetake,
}: Pick<OutcomeProps, "settle" | "onSettle" | "onRetake">) {
  const { error } = settle;
  if (!error) return null;
  const ranOut = error.code.startsWith("lease");
  return (
    <Banner
      icon={error.offline ? "dots" : "cross"}
      title={ranOut ? "Your time on this item ran out" : "The outcome was not settled"}
      code={error.code}
      action={
        <button type="button" className="btn sm" onClick={ranOut ? onRetake : onSettle}>
          {ranOut ? "Take it back" : "Try again"}
        </button>
      }
    >
      {error.message} What you ruled is kept on this computer.
    </Banner>
  );
}

/** Why it is ruled so, and the one button that settles it. */
export function Outcome({ held, room, left, settle, onSettle, onRetake, why }: OutcomeProps) {
  if (held.state !== "open") return <Settled held={held} />;
  const submit = (event: KeyboardEvent) => {
    if (event.key === "Escape") why.current?.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    onSettle();
  };
  return (
    <div className="foot">
      <Trouble settle={settle} onSettle={onSettle} onRetake={onRetake} />
      <label className="why">
        <span className="row g8 s12 t2">
          Why, for the record <Cap of="reason" />
        </span>
        <textarea
          className="input"
          ref={why}
          rows={2}
          maxLength={4000}
          value={room.reason}
          onChange={(event) => room.setReason(event.target.value)}
          onKeyDown={submit}
        />
      </label>
      <p className="s12 t2">The outcome is a record of its own. The reads stay as they are.</p>
      <div className="row g8">
        <button
          type="button"
          className={left ? "btn off submit" : "btn go submit"}
          disabled={left !== "" || settle.isPending}
          onClick={onSettle}
        >
          {left || (settle.isPending ? "Settling" : "Settle")}
          {left || settle.isPending ? null : <kbd>Enter</kbd>}
        </button>
        <button type="button" className="btn q" onClick={room.undo}>
          Undo <Cap of="undo" />
        </button>
      </div>
    </div>
  );
}
