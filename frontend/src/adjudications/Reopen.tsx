import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { type ApiError, post } from "../api/client";
import { Faults } from "../parts/ErrorBanner";

interface ReopenProps {
  read: string;
  /** Which one, in words: "read A". */
  name: string;
  onDone: () => void;
}

/** Takes a submitted read out of the count, with a reason that its reader is shown. */
export function Reopen({ read, name, onDone }: ReopenProps) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  // One id however often it is sent: a resent reopening is the same one.
  const id = useRef(crypto.randomUUID());
  const reopening = useMutation<unknown, ApiError, void>({
    mutationFn: () => post(`reads/${read}/reopen`, { id: id.current, reason: reason.trim() }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["reads"] }),
        queries.invalidateQueries({ queryKey: ["adjudications", "open"] }),
      ]);
      onDone();
    },
  });
  if (!asking) {
    return (
      <button type="button" className="btn sm" onClick={() => setAsking(true)}>
        Reopen {name}
      </button>
    );
  }
  const send = (event: FormEvent) => {
    event.preventDefault();
    reopening.mutate();
  };
  return (
    <form className="why" onSubmit={send}>
      <Faults faults={[["The read was not reopened", reopening.error, () => reopening.mutate()]]} />
      <label className="why">
        <span className="s12 t2">Why; its reader is shown this. Do not tell what others said.</span>
        <textarea
          className="input"
          rows={2}
          maxLength={4000}
          required
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <span className="row g8">
        <button
          type="submit"
          className="btn sm go"
          disabled={reason.trim() === "" || reopening.isPending}
        >
          Reopen {name}
        </button>
        <button type="button" className="btn sm q" onClick={() => setAsking(false)}>
          Leave it
        </button>
      </span>
    </form>
  );
}
