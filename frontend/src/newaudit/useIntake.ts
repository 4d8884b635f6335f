import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type ApiError, post } from "../api/client";
import type { Created } from "../api/types";

export interface IntakeForm {
  image: File | null;
  draft: string;
  view: string;
  source: string;
}

const EMPTY: IntakeForm = { image: null, draft: "", view: "", source: "" };

function formDataOf(form: IntakeForm): FormData {
  const data = new FormData();
  if (form.image) data.set("image", form.image);
  data.set("draft", form.draft);
  if (form.view) data.set("view", form.view);
  if (form.source) data.set("source", form.source);
  return data;
}

/** What is dropped or pasted: an image is the image, a text file is the draft. */
async function takenFrom(files: Iterable<File>): Promise<Partial<IntakeForm>> {
  const taken: Partial<IntakeForm> = {};
  for (const file of files) {
    const isText = file.type === "text/plain" || file.name.endsWith(".txt");
    if (isText) taken.draft = await file.text();
    else taken.image = file;
  }
  return taken;
}

/** The form of a new audit: what was given, and what the server says of it. */
export function useIntake() {
  const [form, setForm] = useState(EMPTY);
  const send = useMutation<Created, ApiError, IntakeForm>({
    mutationFn: (given) => post<Created>("cases", formDataOf(given)),
  });
  const change = (part: Partial<IntakeForm>) => setForm((now) => ({ ...now, ...part }));
  const take = async (files: Iterable<File>) => {
    send.reset();
    change(await takenFrom(files));
  };

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const [image] = event.clipboardData?.files ?? [];
      if (!image) return;
      event.preventDefault();
      setForm((now) => ({ ...now, image }));
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, []);

  return {
    form,
    change,
    take,
    send: () => send.mutate(form),
    clear: () => {
      send.reset();
      setForm(EMPTY);
    },
    sending: send.isPending,
    error: send.error,
    created: send.data ?? null,
  };
}

export type Intake = ReturnType<typeof useIntake>;
