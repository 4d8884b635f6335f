interface PersonInputProps {
  /** Whose name is asked for, for who hears the page. */
  label: string;
  value: string;
  onChange: (username: string) => void;
}

/** A person by user name: people are found by what they sign in with. */
export function PersonInput({ label, value, onChange }: PersonInputProps) {
  return (
    <input
      className="input"
      aria-label={label}
      placeholder="User name"
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
