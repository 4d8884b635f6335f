import { describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import { type Op, Outbox } from "./outbox";

const LEASE = { lease_token: "token", fence: 1 };
const SLOT = "slot";

function decision(id: string): Op {
  return {
    id,
    kind: "decision",
    at: "2026-11-22T00:00:00Z",
    body: {
      id,
      flag: `flag-of-${id}`,
      verdict: "confirmed",
      reason: null,
      significance: null,
      box: null,
      comment: "",
      active_seconds: 1,
      seen: { boxes: true, window_changed: false },
    },
  };
}

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

/** A server that can be cut off or made to answer with an error, and keeps what it got. */
function server() {
  const tried: string[] = [];
  const got: string[] = [];
  const leases: number[] = [];
  const state: { error: ApiError | null } = { error: null };
  const send = (_slot: string, op: Op, lease: { fence: number }) => {
    tried.push(op.id);
    if (state.error) return Promise.reject(state.error);
    got.push(op.id);
    leases.push(lease.fence);
    return Promise.resolve();
  };
  return { tried, got, leases, state, send };
}

function make(storage = memory(), user = "ana") {
  const remote = server();
  const timers: (() => void)[] = [];
  const outbox = new Outbox({ storage, user, send: remote.send, later: (run) => timers.push(run) });
  return { outbox, remote, timers, storage };
}

const offline = new ApiError(0, "offline", "");
const ids = (ops: readonly Op[]) => ops.map((op) => op.id);

describe("the outbox", () => {
  it("sends in the order things were said", async () => {
    const { outbox, remote } = make();
    outbox.setLease(SLOT, LEASE);
    outbox.add(SLOT, [decision("a"), decision("b")]);
    outbox.add(SLOT, [decision("c")]);
    await outbox.flush(SLOT);
    expect(remote.got).toEqual(["a", "b", "c"]);
    expect(outbox.entry(SLOT).unsent).toEqual([]);
    expect(ids(outbox.entry(SLOT).ops)).toEqual(["a", "b", "c"]);
  });

  it("keeps what a lost network did not take and sends it once it is back", async () => {
    const { outbox, remote, timers } = make();
    outbox.setLease(SLOT, LEASE);
    remote.state.error = offline;
    outbox.add(SLOT, [decision("a"), decision("b")]);
    await outbox.flush(SLOT);
    expect(outbox.entry(SLOT).trouble).toBe("offline");
    expect(ids(outbox.entry(SLOT).unsent)).toEqual(["a", "b"]);
    remote.state.error = null;
    timers.at(-1)?.();
    await outbox.flush(SLOT);
    expect(remote.got).toEqual(["a", "b"]);
    expect(outbox.entry(SLOT).trouble).toBeNull();
  });

  it("survives a reload", async () => {
    const before = make();
    before.outbox.setLease(SLOT, LEASE);
    before.remote.state.error = offline;
    before.outbox.add(SLOT, [decision("a")]);
    await before.outbox.flush(SLOT);

    const after = make(before.storage);
    expect(after.outbox.slots()).toEqual([SLOT]);
    await after.outbox.flush(SLOT);
    expect(after.remote.got).toEqual(["a"]);
    expect(before.storage.kept.size).toBe(0);
  });

  it("loses nothing of one tab when another one reads on in the meantime", async () => {
    const first = make();
    const second = make(first.storage);
    first.outbox.setLease(SLOT, LEASE);
    first.remote.state.error = offline;
    first.outbox.add(SLOT, [decision("a")]);
    second.outbox.setLease("other", LEASE);
    second.outbox.add("other", [decision("b")]);
    await second.outbox.flush("other");
    second.outbox.forget("other");
    expect(make(first.storage).outbox.slots()).toEqual([SLOT]);
  });

  it("never sends what another person said on the same computer", () => {
    const before = make(memory(), "ana");
    before.outbox.setLease(SLOT, LEASE);
    before.remote.state.error = offline;
    before.outbox.add(SLOT, [decision("a")]);
    expect(make(before.storage, "ben").outbox.slots()).toEqual([]);
  });

  it.each(["lease_expired", "already_submitted"] as const)(
    "stops at %s and keeps the decision",
    async (code) => {
      const { outbox, remote } = make();
      outbox.setLease(SLOT, LEASE);
      remote.state.error = new ApiError(409, code, "");
      outbox.add(SLOT, [decision("a")]);
      await outbox.flush(SLOT);
      expect(outbox.entry(SLOT).trouble).toBe(code);
      expect(ids(outbox.entry(SLOT).unsent)).toEqual(["a"]);
    },
  );

  it("hands all over when somebody else has the item, and begins afresh when it is back", async () => {
    const { outbox, remote, storage } = make();
    outbox.setLease(SLOT, LEASE);
    remote.state.error = new ApiError(409, "lease_taken", "");
    outbox.add(SLOT, [decision("a"), decision("b")]);
    await outbox.flush(SLOT);
    expect(remote.tried).toEqual(["a", "b"]);
    expect(outbox.entry(SLOT).trouble).toBe("lease_taken");
    expect(ids(outbox.entry(SLOT).ops)).toEqual(["a", "b"]);
    expect(outbox.entry(SLOT).unsent).toEqual([]);
    expect(make(storage).outbox.slots()).toEqual([]);
    outbox.setLease(SLOT, { lease_token: "new", fence: 3 });
    expect(outbox.entry(SLOT)).toEqual({ ops: [], unsent: [], trouble: null, message: "" });
  });

  it("goes on under the new lease after an item is taken back", async () => {
    const { outbox, remote } = make();
    outbox.setLease(SLOT, LEASE);
    remote.state.error = new ApiError(409, "lease_expired", "");
    outbox.add(SLOT, [decision("a")]);
    await outbox.flush(SLOT);
    remote.state.error = null;
    outbox.setLease(SLOT, { lease_token: "new", fence: 2 });
    await outbox.flush(SLOT);
    expect(remote.leases).toEqual([2]);
    expect(outbox.entry(SLOT).trouble).toBeNull();
  });

  it("waits for a sign-in when the session ended", async () => {
    const { outbox, remote, timers } = make();
    outbox.setLease(SLOT, LEASE);
    remote.state.error = new ApiError(401, "not_authenticated", "");
    outbox.add(SLOT, [decision("a")]);
    await outbox.flush(SLOT);
    expect(outbox.entry(SLOT).trouble).toBe("session");
    expect(timers).toEqual([]);
    remote.state.error = null;
    outbox.flushAll();
    await outbox.flush(SLOT);
    expect(remote.got).toEqual(["a"]);
  });

  it("takes off what the server refuses for good, says so, and sends the rest", async () => {
    const { outbox, remote } = make();
    outbox.setLease(SLOT, LEASE);
    const refusing = outbox.add.bind(outbox);
    remote.state.error = new ApiError(400, "invalid", "This flag is not of the audit.");
    refusing(SLOT, [decision("a")]);
    await outbox.flush(SLOT);
    expect(outbox.entry(SLOT)).toMatchObject({
      ops: [],
      unsent: [],
      trouble: "refused",
      message: "This flag is not of the audit.",
    });
    remote.state.error = null;
    outbox.add(SLOT, [decision("b")]);
    await outbox.flush(SLOT);
    expect(remote.got).toEqual(["b"]);
  });

  it("forgets a slot that is over", async () => {
    const { outbox, remote, storage } = make();
    outbox.setLease(SLOT, LEASE);
    remote.state.error = offline;
    outbox.add(SLOT, [decision("a")]);
    await outbox.flush(SLOT);
    outbox.forget(SLOT);
    expect(outbox.entry(SLOT).ops).toEqual([]);
    expect(storage.kept.size).toBe(0);
  });

  it("tells its listeners and keeps an entry the same while nothing changes", () => {
    const { outbox } = make();
    let told = 0;
    const stop = outbox.subscribe(() => {
      told += 1;
    });
    const before = outbox.entry(SLOT);
    expect(outbox.entry(SLOT)).toBe(before);
    outbox.setLease(SLOT, LEASE);
    outbox.add(SLOT, [decision("a")]);
    expect(told).toBeGreaterThan(0);
    stop();
  });
});
