import type { Decision, Reason, Significance } from "../api/types";
import { REASON_WORDS, SIGNIFICANCE_WORDS } from "../words";
import { reasonsOf, SIGNIFICANCES } from "./answers";
import type { Card } from "./flags";

export interface DigitAnswers {
  title: string;
  /** In the order of the digits. */
  answers: readonly ({ reason: Reason } | { significance: Significance })[];
}

const isConfirmed = (decision: Decision | undefined): boolean =>
  decision?.verdict.startsWith("confirmed") ?? false;

/** What the digits answer: reasons before a verdict and after D, significance after C. */
export function digitAnswers(
  card: Card,
  decision: Decision | undefined,
  dismissing: boolean,
): DigitAnswers {
  if (isConfirmed(decision) && !dismissing) {
    return {
      title: "Had it been missed, if you wish to say",
      answers: SIGNIFICANCES.map((significance) => ({ significance })),
    };
  }
  const unsure = decision?.verdict === "indeterminate" && !dismissing;
  return {
    title: unsure ? "Unsure because, if you wish to say" : "Dismiss because",
    answers: reasonsOf(card).map((reason) => ({ reason })),
  };
}

interface AnswerGridProps extends DigitAnswers {
  decision: Decision | undefined;
  detail: string;
  waiting: boolean;
  onAnswer: (digit: number) => void;
}

/** Two columns of four, filled downwards. Its room is the same whatever it asks. */
export function AnswerGrid({
  title,
  answers,
  decision,
  detail,
  waiting,
  onAnswer,
}: AnswerGridProps) {
  return (
    <div className="answers">
      <div className="row s11 t3 answers-head">
        {waiting ? <b className="b">Dismiss because: press 1 to 8</b> : title}
        <span className="sp" />
        {detail}
      </div>
      <div className="rs">
        {answers.map((answer, index) => {
          const words =
            "reason" in answer
              ? REASON_WORDS[answer.reason]
              : SIGNIFICANCE_WORDS[answer.significance];
          const chosen =
            "reason" in answer
              ? decision?.reason === answer.reason
              : decision?.significance === answer.significance;
          return (
            <button
              key={words}
              type="button"
              className={chosen ? "chosen" : undefined}
              aria-pressed={chosen}
              onClick={() => onAnswer(index + 1)}
            >
              <kbd>{index + 1}</kbd>
              {words}
            </button>
          );
        })}
      </div>
    </div>
  );
}
