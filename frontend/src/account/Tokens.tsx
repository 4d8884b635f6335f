import { type FormEvent, useState } from "react";
import type { ApiToken, TokenScope } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { momentOf } from "../words";
import { useMakeToken, useRevokeToken, useTokens } from "./useAccount";

const SCOPES: Record<TokenScope, string> = {
  read: "Read",
  write: "Read and write",
  administer: "All that I may",
};

function stateOf(token: ApiToken): string {
  if (token.revoked_at) return "Revoked";
  return Date.parse(token.expires_at) < Date.now()
    ? "Expired"
    : `Until ${token.expires_at.slice(0, 10)}`;
}

function MakeToken() {
  const make = useMakeToken();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<TokenScope>("read");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name, scope }, { onSuccess: () => setName("") });
  };
  return (
    <>
      <form className="row g8 wraps" onSubmit={submit}>
        <input
          className="input"
          aria-label="Name of the new token"
          placeholder="What it is for"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <label className="chip">
          May
          <select value={scope} onChange={(event) => setScope(event.target.value as TokenScope)}>
            {Object.entries(SCOPES).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="btn" disabled={make.isPending}>
          Make a token
        </button>
      </form>
      <Faults faults={[["The token was not made", make.error, () => make.reset()]]} />
      {make.data ? (
        <p role="status">
          Copy it now, it is not shown again: <span className="m secret">{make.data.token}</span>
        </p>
      ) : null}
    </>
  );
}

export function Tokens() {
  const tokens = useTokens();
  const revoke = useRevokeToken();
  return (
    <section className="card wide" aria-label="Tokens">
      <h2>Tokens for programs</h2>
      <div className="card-in">
        <MakeToken />
        <Faults
          faults={[
            ["The tokens could not be loaded", tokens.error, () => void tokens.refetch()],
            ["The token was not revoked", revoke.error, () => revoke.reset()],
          ]}
        />
        {tokens.data?.results.length === 0 ? <p className="t3">No tokens yet.</p> : null}
        {tokens.data?.results.length ? (
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th>May</th>
                <th>Made</th>
                <th>Last used</th>
                <th>State</th>
                <th>
                  <span className="hidden">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.data.results.map((token) => (
                <tr key={token.id}>
                  <td>{token.name}</td>
                  <td>{SCOPES[token.scope]}</td>
                  <td className="t2">{momentOf(token.created_at)}</td>
                  <td className="t2">
                    {token.last_used_at ? momentOf(token.last_used_at) : "Never"}
                  </td>
                  <td className="t2">{stateOf(token)}</td>
                  <td className="r">
                    {token.revoked_at ? null : (
                      <button
                        type="button"
                        className="btn sm"
                        aria-label={`Revoke ${token.name}`}
                        onClick={() => revoke.mutate(token.id)}
                      >
                        Revoke
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </div>
    </section>
  );
}
