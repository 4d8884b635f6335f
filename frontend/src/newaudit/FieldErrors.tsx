import { Icon } from "../parts/Icon";

/** What is wrong with a field, at the field. */
export function FieldErrors({ errors }: { errors: string[] | undefined }) {
  if (!errors || errors.length === 0) return null;
  return (
    <div className="field-errors" role="alert">
      {errors.map((error) => (
        <p key={error} className="wrong">
          <Icon name="cross" />
          {error}
        </p>
      ))}
    </div>
  );
}
