import { type FormEvent, useState } from "react";
import { Icon } from "../parts/Icon";
import { useUser } from "../session/session";
import { type FilterState, isFiltered } from "./Filters";
import { queryOf, storedViews, storeViews, withView } from "./views";

/** The filters under a name: chosen, kept, and taken off again. */
export function Views({ filters }: { filters: FilterState }) {
  const user = useUser().id;
  const [views, setViews] = useState(() => storedViews(localStorage, user));
  const [name, setName] = useState<string | null>(null);
  const query = queryOf(filters.current);
  const shown = views.find((view) => view.query === query);
  const keep = (next: typeof views) => {
    storeViews(localStorage, user, next);
    setViews(next);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name?.trim()) keep(withView(views, { name: name.trim(), query }));
    setName(null);
  };
  if (name !== null) {
    return (
      <form className="row g4" onSubmit={save}>
        <label className="chip">
          <span>Name of this view</span>
          <input
            autoFocus
            maxLength={40}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setName(null)}
          />
        </label>
        <button type="submit" className="btn sm" disabled={!name.trim()}>
          Keep
        </button>
      </form>
    );
  }
  return (
    <>
      {views.length > 0 ? (
        <label className="chip">
          View
          <select value={shown?.name ?? ""} onChange={(event) => open(event.target.value)}>
            <option value="">{query ? "not saved" : "everything"}</option>
            {views.map((view) => (
              <option key={view.name}>{view.name}</option>
            ))}
          </select>
        </label>
      ) : null}
      {shown ? (
        <button
          type="button"
          className="btn sm q"
          onClick={() => keep(views.filter((view) => view !== shown))}
        >
          <Icon name="cross" />
          Forget view
        </button>
      ) : isFiltered(filters.current) ? (
        <button type="button" className="btn sm q" onClick={() => setName("")}>
          Save view
        </button>
      ) : null}
    </>
  );

  function open(chosen: string) {
    const view = views.find((each) => each.name === chosen);
    filters.replace(view?.query ?? "");
  }
}
