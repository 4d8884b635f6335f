import "./api/brought";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ApiError } from "./api/client";
import { startEarly } from "./api/early";
import { KeysPanelProvider } from "./keys/KeysPanel";
import { applyTheme } from "./parts/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/frame.css";
import "./styles/keys.css";
import "./styles/session.css";

applyTheme();

const TRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // An answer of the server is an answer; only silence is asked again.
      retry: (failures, error) => error instanceof ApiError && error.offline && failures < TRIES,
      // Pages ask for what they show; the browser's own idea of offline is often wrong.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

startEarly(queries);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
// In slices: between two of them the image arrives and begins to be decoded, on another core.
startTransition(() =>
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <KeysPanelProvider>
        <App />
      </KeysPanelProvider>
    </QueryClientProvider>,
  ),
);
