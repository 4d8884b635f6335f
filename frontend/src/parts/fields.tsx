/** What forms are made of: each field with its words above and what is wrong with it below. */
import type { ReactNode } from "react";
import { Icon } from "./Icon";

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

interface FieldProps {
  words: string;
  errors?: string[] | undefined;
  children: ReactNode;
}

export function Field({ words, errors, children }: FieldProps) {
  return (
    <label className="field">
      <span>{words}</span>
      {children}
      <FieldErrors errors={errors} />
    </label>
  );
}

interface OptionsProps {
  /** What stands for no choice, if none may be made. */
  any?: string | undefined;
  options: readonly (readonly [value: string, words: string])[];
}

/** What a select offers. */
export function Options({ any, options }: OptionsProps) {
  return (
    <>
      {any === undefined ? null : <option value="">{any}</option>}
      {options.map(([code, words]) => (
        <option key={code} value={code}>
          {words}
        </option>
      ))}
    </>
  );
}

interface SelectProps extends OptionsProps, Omit<FieldProps, "children"> {
  required?: boolean;
  disabled?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function Select({ words, errors, any, options, onChange, ...select }: SelectProps) {
  return (
    <Field words={words} errors={errors}>
      <select className="input" {...select} onChange={(event) => onChange(event.target.value)}>
        <Options any={any} options={options} />
      </select>
    </Field>
  );
}

interface NumberFieldProps extends Omit<FieldProps, "children"> {
  min: number;
  max?: number;
  step?: "any";
  /** As it was typed: an empty field is no number yet. */
  value: string;
  onChange: (value: string) => void;
  children?: ReactNode;
}

export function NumberField({ words, errors, children, onChange, ...input }: NumberFieldProps) {
  return (
    <Field words={words} errors={errors}>
      <input
        className="input"
        type="number"
        required
        {...input}
        onChange={(event) => onChange(event.target.value)}
      />
      {children}
    </Field>
  );
}

interface CheckProps {
  words: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ words, checked, onChange }: CheckProps) {
  return (
    <label className="row g8">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {words}
    </label>
  );
}
