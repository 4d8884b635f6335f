import type { ModelWeek } from "../api/types";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Icon } from "../parts/Icon";
import { measureWords } from "../queues/words";
import { useWeeks } from "./useWeeks";
import { beforeWords, doneWords, FIGURES, makeUpOf } from "./weeks";

type Column = (typeof FIGURES)[number];

/** A value with its interval. One that moved is a mark, a word and the interval it left. */
function Cell({ week, column }: { week: ModelWeek; column: Column }) {
  const measure = column.of(week);
  if (!measure) return <td className="r t3">–</td>;
  const { value, range } = measureWords(measure, column.scale);
  const before = beforeWords(week, column);
  return (
    <td className="r">
      <span className={before ? "b" : "md"}>{value}</span>
      <span className="t3 s12 under">{range}</span>
      {before ? (
        <span className="s12 moved">
          <Icon name="bang" />
          moved, {before}
        </span>
      ) : null}
    </td>
  );
}

function Row({ week }: { week: ModelWeek }) {
  return (
    <tr>
      <th scope="row">
        <span className="md">{week.week}</span>
        <span className="t3 s12 under">{doneWords(week)}</span>
        <span className="t3 s12 under">{makeUpOf(week)}</span>
      </th>
      {FIGURES.map((column) => (
        <Cell key={column.key} week={week} column={column} />
      ))}
    </tr>
  );
}

/** Week by week, the newest first: every figure with its 95 % interval, drift by intervals alone. */
export function Weeks({ model, name }: { model: string; name: string }) {
  const weeks = useWeeks(model);
  return (
    <>
      <Faults
        faults={[["The weeks could not be loaded", weeks.error, () => void weeks.refetch()]]}
      />
      {weeks.data?.length === 0 ? (
        <Empty title="Nothing in the last twelve weeks" />
      ) : (
        <div className="weeks-scroll" tabIndex={0} role="group" aria-label={`Weeks of ${name}`}>
          <table className="weeks">
            <thead>
              <tr>
                <th scope="col">Week</th>
                {FIGURES.map(({ key, words }) => (
                  <th key={key} scope="col" className="r">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.data?.toReversed().map((week) => (
                <Row key={week.week} week={week} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="s12 t3">
        95 % intervals. A figure has moved where its interval lies apart from that of the eight
        weeks before, both of at least 20. Brightness is 0 to 1, of the picture as it is shown.
      </p>
    </>
  );
}
