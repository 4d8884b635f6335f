import { type FormEvent, type InputHTMLAttributes, useState } from "react";
import { Field } from "../parts/fields";
import { Icon } from "../parts/Icon";

interface Field extends InputHTMLAttributes<HTMLInputElement> {
  name: string;
  words: string;
}

interface SmallFormProps {
  fields: readonly Field[];
  button: string;
  error: Error | null;
  pending: boolean;
  onSend: (given: Record<string, string>) => void;
}

/** A few lines of text and a button; what was refused stands between them. */
export function SmallForm({ fields, button, error, pending, onSend }: SmallFormProps) {
  const [given, setGiven] = useState<Record<string, string>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(given);
  };
  return (
    <form className="small-form" onSubmit={submit}>
      {fields.map(({ name, words, ...input }) => (
        <Field key={name} words={words}>
          <input
            className="input"
            required
            {...input}
            value={given[name] ?? ""}
            onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
          />
        </Field>
      ))}
      <p className="wrong" role="alert">
        {error ? (
          <>
            <Icon name="cross" />
            {error.message}
          </>
        ) : null}
      </p>
      <button type="submit" className="btn" disabled={pending}>
        {button}
      </button>
    </form>
  );
}
