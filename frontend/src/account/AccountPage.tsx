import { useKeysOf } from "../keys/KeysPanel";
import { Banner } from "../parts/Banner";
import { Frame } from "../parts/Frame";
import { useUser } from "../session/session";
import { Experience } from "./Experience";
import { SecondFactor } from "./SecondFactor";
import { SmallForm } from "./SmallForm";
import { Tokens } from "./Tokens";
import { useChangePassword, useSignOutElsewhere } from "./useAccount";
import "../styles/people.css";

const secret = (name: string, words: string, autoComplete: string) => ({
  name,
  words,
  autoComplete,
  type: "password",
});

function Password() {
  const change = useChangePassword();
  return (
    <section className="card" aria-label="Password">
      <h2>Password</h2>
      <div className="card-in">
        <SmallForm
          // Emptied once the new one is stored.
          key={String(change.isSuccess)}
          fields={[
            secret("password", "The present one", "current-password"),
            secret("new_password", "The new one, 12 characters at least", "new-password"),
          ]}
          button="Change it"
          error={change.error}
          pending={change.isPending}
          onSend={({ password = "", new_password = "" }) =>
            change.mutate({ password, new_password })
          }
        />
        {change.isSuccess ? <p role="status">Changed. Sessions elsewhere are over.</p> : null}
      </div>
    </section>
  );
}

function Sessions() {
  const end = useSignOutElsewhere();
  return (
    <section className="card" aria-label="Sessions">
      <h2>Sessions</h2>
      <div className="card-in">
        <p className="t2">Ends every session of yours but this one. Tokens go on.</p>
        <button type="button" className="btn" disabled={end.isPending} onClick={() => end.mutate()}>
          Sign out elsewhere
        </button>
        <p role="status">{end.error?.message ?? (end.isSuccess ? "Done." : null)}</p>
      </div>
    </section>
  );
}

/** One's own password, second factor, tokens and sessions. */
export default function AccountPage() {
  const user = useUser();
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>Account</h1>
        <span className="t2">{user.username}</span>
      </div>
      {user.second_factor_missing ? (
        <div className="banners">
          <Banner icon="lock" title="Turn on a second factor first">
            Administrators need one here. Until then nothing else is open to you.
          </Banner>
        </div>
      ) : null}
      <div className="scroll account">
        <SecondFactor />
        {user.second_factor_missing ? null : (
          <>
            <Password />
            <Experience />
            <Sessions />
            <Tokens />
          </>
        )}
      </div>
    </Frame>
  );
}
