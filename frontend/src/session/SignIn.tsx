import { type FormEvent, useState } from "react";
import { Icon } from "../parts/Icon";
import { asksForCode, useSession, useSignIn } from "./session";

/** The fields, with that of the code once it is asked for, used by the sign-in page and in place when a session ends. */
export function SignInForm({ onDone }: { onDone?: () => void }) {
  const signIn = useSignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [withCode, setWithCode] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(withCode ? { username, password, code } : { username, password }, {
      onSuccess: () => onDone?.(),
      onError: (error) => setWithCode(withCode || asksForCode(error)),
    });
  };
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label className="field">
        <span>User name</span>
        <input
          className="input"
          name="username"
          autoComplete="username"
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </label>
      <label className="field">
        <span>Password</span>
        <input
          className="input"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {withCode ? (
        <label className="field">
          <span>Code of your app, or a recovery code</span>
          <input
            className="input"
            name="code"
            autoComplete="one-time-code"
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
      ) : null}
      <p className="wrong" role="alert">
        {signIn.error ? (
          <>
            <Icon name="cross" />
            {signIn.error.message}
          </>
        ) : null}
      </p>
      <button type="submit" className="btn go" disabled={signIn.isPending}>
        Sign in
      </button>
    </form>
  );
}

function DemoAccounts() {
  const demo = useSession().data?.demo ?? [];
  if (demo.length === 0) return null;
  return (
    <div className="demo s12 t2">
      <span className="t3">This is a demo. Accounts:</span>
      {demo.map((account) => (
        <span key={account.username} className="row g8">
          <span className="m">
            {account.username} / {account.password}
          </span>
          <span className="t3">{account.role}</span>
        </span>
      ))}
    </div>
  );
}

/** What a provider's refusal, or ours of its word, is told as. */
const REFUSALS: Record<string, string> = {
  cancelled: "Signing in was cancelled.",
  closed: "This account is closed. Ask an administrator.",
  failed: "The provider could not be understood. Try again.",
  second_factor:
    "You have a second factor here, and the provider did not ask for one: sign in by password.",
  unknown: "Nobody here has your address. Ask an administrator for an account.",
};

/** Signing in by a provider, where one is set up, and why it did not work just now. */
function SignInElsewhere() {
  const provider = useSession().data?.sign_in_with;
  const asked = new URLSearchParams(window.location.search);
  const refusal = REFUSALS[asked.get("sign_in") ?? ""];
  const next = asked.get("next") === "/admin/" ? "?next=/admin/" : "";
  return (
    <>
      {refusal ? (
        <p className="wrong" role="alert">
          <Icon name="cross" />
          {refusal}
        </p>
      ) : null}
      {provider ? (
        <a className="btn" href={provider.url + next}>
          Sign in by {provider.name}
        </a>
      ) : null}
    </>
  );
}

/** To the administration, if that is where somebody came from; it is outside this page. */
function goOn() {
  const next = new URLSearchParams(window.location.search).get("next");
  if (next === "/admin/") window.location.assign(next);
}

export function SignInPage() {
  const notice = useSession().data?.notice;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1 className="mark">
          <Icon name="mark" />
          Overread
        </h1>
        <p className="t2">
          A second read of chest X-ray drafts. Each flag shows its evidence; a person decides.
        </p>
        <SignInForm onDone={goOn} />
        <SignInElsewhere />
        <DemoAccounts />
      </div>
      <p className="s12 t3">{notice}</p>
    </main>
  );
}
