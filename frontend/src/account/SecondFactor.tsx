import { Faults } from "../parts/ErrorBanner";
import { count } from "../words";
import { SmallForm } from "./SmallForm";
import {
  useBeginFactor,
  useConfirmFactor,
  useRemoveFactor,
  useRenewAccount,
  useSecondFactor,
} from "./useAccount";

const CODE = { name: "code", words: "Code", autoComplete: "one-time-code", maxLength: 20 } as const;
const PASSWORD = {
  name: "password",
  words: "Your password",
  type: "password",
  autoComplete: "current-password",
} as const;

/** The secret as an app wants it typed: in groups of four. */
function secretOf(address: string): string {
  const secret = new URL(address).searchParams.get("secret") ?? "";
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

function Off() {
  const begin = useBeginFactor();
  const confirm = useConfirmFactor();
  const renew = useRenewAccount();
  if (confirm.data) {
    return (
      <>
        <p>
          It is on. Keep these recovery codes where your phone is not: each signs you in once, and
          they are not shown again.
        </p>
        <ul className="codes m" aria-label="Recovery codes">
          {confirm.data.recovery_codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <button type="button" className="btn" onClick={() => void renew()}>
          I have kept them
        </button>
      </>
    );
  }
  if (!begin.data) {
    return (
      <>
        <p className="t2">
          With it, signing in takes your password and a code of an app on your phone.
        </p>
        <SmallForm
          fields={[PASSWORD]}
          button="Turn on"
          error={begin.error}
          pending={begin.isPending}
          onSend={({ password = "" }) => begin.mutate(password)}
        />
      </>
    );
  }
  return (
    <>
      <p className="t2">
        Type this secret into your authenticator app, then give the code that the app shows.
      </p>
      <p className="m secret">{secretOf(begin.data.address)}</p>
      <a className="btn sm" href={begin.data.address}>
        Open it in an app here
      </a>
      <SmallForm
        fields={[CODE]}
        button="Confirm"
        error={confirm.error}
        pending={confirm.isPending}
        onSend={({ code = "" }) => confirm.mutate(code)}
      />
    </>
  );
}

function On({ left, needed }: { left: number; needed: boolean }) {
  const turnOff = useRemoveFactor();
  return (
    <>
      <p className="t2">
        It is on; {count(left, "recovery code")} left.
        {needed ? " Your role needs it: without one you may only turn it on again." : null}
      </p>
      <SmallForm
        fields={[{ ...CODE, words: "Code of your app, or a recovery code" }]}
        button="Turn off"
        error={turnOff.error}
        pending={turnOff.isPending}
        onSend={({ code = "" }) => turnOff.mutate(code)}
      />
    </>
  );
}

export function SecondFactor() {
  const factor = useSecondFactor();
  return (
    <section className="card" aria-label="Second factor">
      <h2>Second factor</h2>
      <div className="card-in">
        <Faults
          faults={[["It could not be asked for", factor.error, () => void factor.refetch()]]}
        />
        {factor.data?.on ? (
          <On left={factor.data.recovery_codes_left} needed={factor.data.needed} />
        ) : null}
        {factor.data && !factor.data.on ? <Off /> : null}
      </div>
    </section>
  );
}
