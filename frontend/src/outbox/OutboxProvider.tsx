import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { post } from "../api/client";
import { type Entry, type Lease, type Op, Outbox } from "./outbox";

function requestOf(op: Op): [path: string, body: object] {
  if (op.kind === "decision") return ["decisions", op.body];
  if (op.kind === "missed") return ["missed-findings", op.body];
  if (op.kind === "undo") return ["undo", { decision: op.decision }];
  return ["missed-findings", { id: op.missed, remove: true }];
}

async function send(slot: string, op: Op, lease: Lease): Promise<void> {
  const [path, body] = requestOf(op);
  await post(`slots/${slot}/${path}`, { ...body, ...lease });
}

const Context = createContext<Outbox | null>(null);

/** One outbox a person: it sends what an earlier tab left, and again whenever the network is back. */
export function OutboxProvider({ user, children }: { user: string; children: ReactNode }) {
  const outbox = useMemo(
    () =>
      new Outbox({
        storage: localStorage,
        user,
        send,
        later: (run, ms) => void setTimeout(run, ms),
      }),
    [user],
  );
  useEffect(() => {
    const flush = () => outbox.flushAll();
    flush();
    window.addEventListener("online", flush);
    return () => window.removeEventListener("online", flush);
  }, [outbox]);
  return <Context.Provider value={outbox}>{children}</Context.Provider>;
}

export function useOutbox(): Outbox {
  const outbox = useContext(Context);
  if (!outbox) throw new Error("useOutbox needs an OutboxProvider above it.");
  return outbox;
}

export function useEntry(slot: string): Entry {
  const outbox = useOutbox();
  return useSyncExternalStore(outbox.subscribe, () => outbox.entry(slot));
}
