import { Faults } from "../parts/ErrorBanner";
import { momentOf } from "../words";
import { useLiftLock, useLocks } from "./usePeople";

/** Who is kept out after wrong guesses; nothing where nobody is. */
export function Locks() {
  const locks = useLocks();
  const lift = useLiftLock();
  return (
    <>
      <Faults
        faults={[
          ["The locks could not be loaded", locks.error, () => void locks.refetch()],
          ["The lock was not lifted", lift.error, () => lift.reset()],
        ]}
      />
      {locks.data?.results.length ? (
        <section className="card locks" aria-label="Locked out">
          <h2>Locked out after wrong guesses</h2>
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th>From</th>
                <th className="r">Guesses</th>
                <th>Until</th>
                <th>
                  <span className="hidden">Lift</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {locks.data.results.map((lock) => (
                <tr key={lock.id}>
                  <td>{lock.username ?? <span className="t3">A name nobody has</span>}</td>
                  <td className="m">{lock.address ?? "Anywhere: codes"}</td>
                  <td className="r">{lock.failures}</td>
                  <td className="t2">{momentOf(lock.until)}</td>
                  <td className="r">
                    <button
                      type="button"
                      className="btn sm"
                      disabled={lift.isPending}
                      onClick={() => lift.mutate(lock.id)}
                    >
                      Lift
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </>
  );
}
