import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type ApiError, get, post, remove } from "../api/client";
import type { Member, MemberRole, Page, Queue } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { useCurates } from "../session/session";
import { PersonInput } from "./PersonInput";
import "../styles/people.css";

const ROLES: Record<MemberRole, string> = { reviewer: "Reads", adjudicator: "Adjudicates" };

function useMembers(queue: Queue) {
  const queries = useQueryClient();
  const address = `queues/${queue.id}/members`;
  const key = ["queues", "members", queue.id];
  const onSuccess = () => queries.invalidateQueries({ queryKey: key });
  return {
    members: useQuery({ queryKey: key, queryFn: () => get<Page<Member>>(`${address}?limit=200`) }),
    add: useMutation<Member, ApiError, { username: string; role: MemberRole }>({
      mutationFn: (wanted) => post(address, wanted),
      onSuccess,
    }),
    drop: useMutation<void, ApiError, string>({
      mutationFn: (id) => remove(`${address}/${id}`),
      onSuccess,
    }),
  };
}

function List({ queue }: { queue: Queue }) {
  const { members, add, drop } = useMembers(queue);
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<MemberRole>("reviewer");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ username, role }, { onSuccess: () => setUsername("") });
  };
  return (
    <section className="card" aria-label="Members">
      <h2>
        Members
        <span className="sp" />
        <span className="t3 plain">{queue.open_to_all ? "everybody may read here" : null}</span>
      </h2>
      <div className="card-in">
        <Faults
          faults={[
            ["The members could not be loaded", members.error, () => void members.refetch()],
            ["Nobody was added", add.error, () => add.reset()],
            ["Nobody was removed", drop.error, () => drop.reset()],
          ]}
        />
        {members.data?.results.length ? (
          <table className="member-list">
            <tbody>
              {members.data.results.map((member) => (
                <tr key={member.id}>
                  <td>{member.username}</td>
                  <td className="t2">
                    {ROLES[member.role]}
                    {member.active ? "" : ", account closed"}
                  </td>
                  <td className="r">
                    <button
                      type="button"
                      className="btn sm"
                      aria-label={`Remove ${member.username}, who ${ROLES[member.role].toLowerCase()}`}
                      disabled={drop.isPending}
                      onClick={() => drop.mutate(member.id)}
                    >
                      Remove
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        <form className="row g8 wraps" onSubmit={submit}>
          <PersonInput label="User name of a new member" value={username} onChange={setUsername} />
          <label className="chip">
            Who
            <select value={role} onChange={(event) => setRole(event.target.value as MemberRole)}>
              {Object.entries(ROLES).map(([value, words]) => (
                <option key={value} value={value}>
                  {words.toLowerCase()}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="btn" disabled={add.isPending}>
            Add
          </button>
        </form>
      </div>
    </section>
  );
}

/** Who reads and who adjudicates here; for those who run queues. */
export function Members({ queue }: { queue: Queue }) {
  return useCurates() ? <List key={queue.id} queue={queue} /> : null;
}
