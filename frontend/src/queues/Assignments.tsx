import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type ApiError, get, post, remove } from "../api/client";
import type { Assignment, Page, Queue } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { useCurates } from "../session/session";
import { count } from "../words";
import { PersonInput } from "./PersonInput";
import "../styles/people.css";

const ITEMS = 20;

function useAssignments(queue: Queue) {
  const queries = useQueryClient();
  const address = `queues/${queue.id}/assignments`;
  const key = ["queues", "assignments", queue.id];
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["queues"] });
  return {
    people: useQuery({
      queryKey: [...key, queue.counts.submitted],
      queryFn: () => get<Page<Assignment>>(`${address}?limit=200`),
    }),
    assign: useMutation<{ assigned: number }, ApiError, { username: string; number: number }>({
      mutationFn: (wanted) => post(address, wanted),
      onSuccess,
    }),
    withdraw: useMutation<void, ApiError, string>({
      mutationFn: (reader) => remove(`${address}/${reader}`),
      onSuccess,
    }),
  };
}

/** What came of it, which may be fewer than asked for. */
function told(assigned: number, wanted: { username: string; number: number }) {
  if (assigned === wanted.number) return `${count(assigned, "item")} kept for ${wanted.username}.`;
  const kept = assigned ? `${count(assigned, "item")} kept for ${wanted.username}: ` : "";
  return `${kept}no more are free for ${assigned ? "them" : wanted.username}.`;
}

function List({ queue }: { queue: Queue }) {
  const { people, assign, withdraw } = useAssignments(queue);
  const [username, setUsername] = useState("");
  const [number, setNumber] = useState(ITEMS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    assign.mutate({ username, number }, { onSuccess: () => setUsername("") });
  };
  return (
    <section className="card" aria-label="Assigned">
      <h2>
        Assigned
        <span className="sp" />
        <span className="t3 plain">kept for one reader, and for nobody else</span>
      </h2>
      <div className="card-in">
        <Faults
          faults={[
            ["What is assigned could not be loaded", people.error, () => void people.refetch()],
            ["Nothing was assigned", assign.error, () => assign.reset()],
            ["Nothing was withdrawn", withdraw.error, () => withdraw.reset()],
          ]}
        />
        {people.data?.results.length ? (
          <table className="member-list">
            <tbody>
              {people.data.results.map((person) => (
                <tr key={person.reader}>
                  <td>{person.username}</td>
                  <td className="t2">
                    {person.waiting.toLocaleString("en")} waiting,{" "}
                    {person.submitted.toLocaleString("en")} read
                  </td>
                  <td className="r">
                    {person.waiting ? (
                      <button
                        type="button"
                        className="btn sm"
                        aria-label={`Withdraw what waits for ${person.username}`}
                        disabled={withdraw.isPending}
                        onClick={() => withdraw.mutate(person.reader)}
                      >
                        Withdraw
                      </button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        <form className="row g8 wraps" onSubmit={submit}>
          <PersonInput label="User name of the reader" value={username} onChange={setUsername} />
          <label className="chip">
            Next
            <input
              type="number"
              aria-label="Items to assign"
              min={1}
              max={1000}
              required
              value={number}
              onChange={(event) => setNumber(event.target.valueAsNumber)}
            />
            items
          </label>
          <button type="submit" className="btn" disabled={assign.isPending}>
            Assign
          </button>
          <output className="t2">
            {assign.data && assign.variables ? told(assign.data.assigned, assign.variables) : ""}
          </output>
        </form>
      </div>
    </section>
  );
}

/** Whose items are kept for them; for those who run queues. */
export function Assignments({ queue }: { queue: Queue }) {
  return useCurates() && queue.state !== "closed" ? <List key={queue.id} queue={queue} /> : null;
}
