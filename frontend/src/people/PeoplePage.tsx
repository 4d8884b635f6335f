import { useState } from "react";
import type { Person, PersonChange } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { Icon } from "../parts/Icon";
import { PageTurner } from "../parts/PageTurner";
import { useAdministers } from "../session/session";
import { momentOf } from "../words";
import { Locks } from "./Locks";
import { useChangePerson, usePeople, useTakeFactor } from "./usePeople";
import "../styles/worklist.css";
import "../styles/people.css";

const RIGHTS = [
  ["curator", "Curator"],
  ["administrator", "Administrator"],
  ["active", "May sign in"],
] as const;

const queuesOf = (person: Person): string =>
  person.queues
    .map(({ name, role }) => (role === "adjudicator" ? `${name} (adjudicates)` : name))
    .join(", ");

interface RowProps {
  person: Person;
  busy: boolean;
  onChange: (change: PersonChange) => void;
  onTakeFactor: () => void;
}

function Row({ person, busy, onChange, onTakeFactor }: RowProps) {
  const [asked, setAsked] = useState(false);
  const takeFactor = () => {
    if (asked) onTakeFactor();
    setAsked(!asked);
  };
  return (
    <tr>
      <td>
        <b>{person.username}</b> <span className="t2">{person.name}</span>
      </td>
      {RIGHTS.map(([right, words]) => (
        <td key={right}>
          <input
            type="checkbox"
            aria-label={`${person.username}: ${words}`}
            checked={person[right]}
            disabled={busy}
            onChange={(event) => onChange({ [right]: event.target.checked })}
          />
        </td>
      ))}
      <td>
        {person.second_factor ? (
          <button type="button" className="btn sm" disabled={busy} onClick={takeFactor}>
            {asked ? "Take it away?" : "On"}
          </button>
        ) : (
          <span className="t3">Off</span>
        )}
      </td>
      <td className="t2">{person.last_login ? momentOf(person.last_login) : "Never"}</td>
      <td className="t2" title={queuesOf(person)}>
        {queuesOf(person)}
      </td>
    </tr>
  );
}

function List() {
  const [find, setFind] = useState("");
  const [address, setAddress] = useState<string | null>(null);
  const people = usePeople(find, address);
  const change = useChangePerson();
  const takeFactor = useTakeFactor();
  return (
    <>
      <div className="filters">
        <label className="chip find">
          <Icon name="search" />
          <input
            aria-label="Find people"
            placeholder="Name"
            value={find}
            onChange={(event) => {
              setFind(event.target.value);
              setAddress(null);
            }}
          />
        </label>
      </div>
      <Faults
        faults={[
          ["The people could not be loaded", people.error, () => void people.refetch()],
          ["The rights were not changed", change.error, () => change.reset()],
          ["The second factor is still on", takeFactor.error, () => takeFactor.reset()],
        ]}
      />
      <Locks />
      <div className="scroll">
        <table className="people-list">
          <thead>
            <tr>
              <th>Name</th>
              {RIGHTS.map(([right, words]) => (
                <th key={right}>{words}</th>
              ))}
              <th>Second factor</th>
              <th>Last signed in</th>
              <th>Member of</th>
            </tr>
          </thead>
          <tbody>
            {people.data?.results.map((person) => (
              <Row
                key={person.id}
                person={person}
                busy={change.isPending || takeFactor.isPending}
                onChange={(wanted) => change.mutate({ id: person.id, change: wanted })}
                onTakeFactor={() => takeFactor.mutate(person.id)}
              />
            ))}
          </tbody>
        </table>
        {people.data?.results.length === 0 ? <Empty title="Nobody of this name" /> : null}
      </div>
      <PageTurner page={people.data} onTurn={setAddress} />
    </>
  );
}

/** Who has an account and what they may do; changed at a click, each change in the audit log. */
export default function PeoplePage() {
  const administers = useAdministers();
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>People</h1>
        <span className="sp" />
        {administers ? (
          <a className="btn" href="/admin/audits/user/add/">
            New account
          </a>
        ) : null}
      </div>
      {administers ? <List /> : <Empty title="This page is for administrators" />}
    </Frame>
  );
}
