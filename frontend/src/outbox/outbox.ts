/**
 * What a reader said and the server has not yet acknowledged. Each thing is written to the
 * browser's storage before it is sent, so that a lost network, a reload or a closed tab loses
 * nothing; ids are made here, so that sending twice is one.
 */
import { ApiError } from "../api/client";
import type { DecisionInput, MissedFinding } from "../api/types";

export type Op =
  | { id: string; kind: "decision"; body: DecisionInput; at: string }
  | { id: string; kind: "undo"; decision: string }
  | { id: string; kind: "missed"; body: MissedFinding }
  | { id: string; kind: "unmiss"; missed: string };

export interface Lease {
  lease_token: string;
  fence: number;
}

/** Why sending stopped. `refused`: the server will never take one of them. */
export type Trouble =
  "offline" | "session" | "lease_expired" | "lease_taken" | "already_submitted" | "refused";

export interface Entry {
  /** Everything said on this slot since the page opened, in order. */
  ops: readonly Op[];
  /** Of those, what is not acknowledged yet. */
  unsent: readonly Op[];
  trouble: Trouble | null;
  /** The server's own words for a refusal. */
  message: string;
}

interface Stored {
  lease: Lease;
  unsent: Op[];
}

export type Send = (slot: string, op: Op, lease: Lease) => Promise<void>;

export interface OutboxParts {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  /** Storage is per person: nobody sends what another said on the same computer. */
  user: string;
  send: Send;
  /** Runs a function later; a timer outside tests. */
  later: (run: () => void, ms: number) => void;
}

const NOTHING: Entry = { ops: [], unsent: [], trouble: null, message: "" };
const RETRY_MS = 3000;
const HELD: readonly Trouble[] = ["lease_expired", "session"];

export class Outbox {
  private entries = new Map<string, Entry>();
  private leases = new Map<string, Lease>();
  private sending = new Map<string, Promise<void>>();
  private listeners = new Set<() => void>();

  constructor(private readonly parts: OutboxParts) {
    for (const slot of this.storedSlots()) this.load(slot);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  entry = (slot: string): Entry => this.entries.get(slot) ?? NOTHING;

  /** Slots with something not acknowledged yet, such as from a tab closed before. */
  slots(): string[] {
    return [...this.entries].filter(([, entry]) => entry.unsent.length > 0).map(([slot]) => slot);
  }

  /** Under which lease to send from now on: after a claim, or after taking a slot back. */
  setLease(slot: string, { lease_token, fence }: Lease): void {
    this.leases.set(slot, { lease_token, fence });
    const entry = this.entry(slot);
    // What was said before somebody else had the item belongs to a read that is not this one.
    if (entry.trouble === "lease_taken") this.put(slot, NOTHING);
    else if (entry.unsent.length > 0) this.put(slot, { ...entry, trouble: null });
    void this.flush(slot);
  }

  /** Keeps first, sends after. */
  add(slot: string, ops: readonly Op[]): void {
    const entry = this.entry(slot);
    this.put(slot, {
      ...entry,
      ops: [...entry.ops, ...ops],
      unsent: [...entry.unsent, ...ops],
      trouble: entry.trouble === "refused" ? null : entry.trouble,
    });
    if (!HELD.includes(entry.trouble ?? "refused")) void this.flush(slot);
  }

  /** Sends in order until all is acknowledged or something stops it. */
  flush(slot: string): Promise<void> {
    const running = this.sending.get(slot);
    if (running) return running;
    if (!this.canSend(slot)) return Promise.resolve();
    const run = this.drain(slot);
    this.sending.set(slot, run);
    return run;
  }

  flushAll(): void {
    for (const slot of this.slots()) void this.flush(slot);
  }

  /** The slot is over (submitted, skipped, given back or lost): nothing of it is kept here. */
  forget(slot: string): void {
    this.entries.delete(slot);
    this.leases.delete(slot);
    this.parts.storage.removeItem(this.key(slot));
    this.tell();
  }

  private canSend(slot: string): boolean {
    return this.entry(slot).unsent.length > 0 && this.leases.has(slot);
  }

  private async drain(slot: string): Promise<void> {
    try {
      for (;;) {
        const [op] = this.entry(slot).unsent;
        const lease = this.leases.get(slot);
        if (!op || !lease) return;
        const trouble = await this.trySend(slot, op, lease);
        if (trouble && trouble !== "refused") return;
      }
    } finally {
      // In the same turn as the last look at the queue, so that nothing added is left behind.
      this.sending.delete(slot);
    }
  }

  private async trySend(slot: string, op: Op, lease: Lease): Promise<Trouble | null> {
    try {
      await this.parts.send(slot, op, lease);
    } catch (error) {
      const trouble = troubleOf(error);
      const message = error instanceof Error ? error.message : "";
      if (trouble === "lease_taken") return this.handOver(slot, op, message);
      if (trouble === "refused") this.refuse(slot, op, message);
      else this.put(slot, { ...this.entry(slot), trouble, message });
      if (trouble === "offline") this.parts.later(() => void this.flush(slot), RETRY_MS);
      return trouble;
    }
    const entry = this.entry(slot);
    const stays = entry.trouble === "refused" || entry.trouble === "lease_taken";
    const kept = stays ? entry : { ...entry, trouble: null, message: "" };
    this.put(slot, { ...kept, unsent: entry.unsent.filter((other) => other.id !== op.id) });
    return null;
  }

  /** The server keeps it for the person and does not count it; what was said after it follows. */
  private handOver(slot: string, op: Op, message: string): null {
    const { ops, unsent } = this.entry(slot);
    const others = unsent.filter((each) => each.id !== op.id);
    this.put(slot, { ops, unsent: others, trouble: "lease_taken", message });
    return null;
  }

  /** What the server will never take is taken off, and said. */
  private refuse(slot: string, op: Op, message: string): void {
    const { ops, unsent } = this.entry(slot);
    const others = (each: Op) => each.id !== op.id;
    this.put(slot, {
      ops: ops.filter(others),
      unsent: unsent.filter(others),
      trouble: "refused",
      message,
    });
  }

  private put(slot: string, entry: Entry): void {
    this.entries.set(slot, entry);
    const lease = this.leases.get(slot);
    if (entry.unsent.length > 0 && lease) {
      const stored: Stored = { lease, unsent: [...entry.unsent] };
      this.parts.storage.setItem(this.key(slot), JSON.stringify(stored));
    } else {
      this.parts.storage.removeItem(this.key(slot));
    }
    this.tell();
  }

  private load(slot: string): void {
    const raw = this.parts.storage.getItem(this.key(slot));
    if (!raw) return;
    const { lease, unsent } = JSON.parse(raw) as Stored;
    this.leases.set(slot, lease);
    this.entries.set(slot, { ...NOTHING, ops: unsent, unsent });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private key(slot: string): string {
    return `overread.outbox.${this.parts.user}.${slot}`;
  }

  /** By the names in storage, not by a list: another tab writes there too. */
  private storedSlots(): string[] {
    const { storage } = this.parts;
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    const start = this.key("");
    return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  }
}

const CONFLICTS: readonly string[] = ["lease_expired", "lease_taken", "already_submitted"];

/** Faults of network and server pass; what the server calls wrong stays wrong. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError)) return "refused";
  if (error.signedOut) return "session";
  if (CONFLICTS.includes(error.code)) return error.code as Trouble;
  const passes = error.status === 0 || error.status === 429 || error.status >= 500;
  return passes ? "offline" : "refused";
}
