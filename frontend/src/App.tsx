import { lazy, Suspense } from "react";
import { Route, Switch, useSearchParams } from "wouter";
import { ErrorBanner } from "./parts/ErrorBanner";
import { Frame } from "./parts/Frame";
import { Empty } from "./parts/Banner";
import { SignInPage } from "./session/SignIn";
import { useSession } from "./session/session";
import { OutboxProvider } from "./outbox/OutboxProvider";

const WorkListPage = lazy(() => import("./worklist/WorkListPage"));
const NewAuditPage = lazy(() => import("./newaudit/NewAuditPage"));
const ReadingPage = lazy(() => import("./reading/ReadingPage"));
const CasePage = lazy(() => import("./cases/CasePage"));
const ReleasesPage = lazy(() => import("./releases/ReleasesPage"));
const ImportsPage = lazy(() => import("./imports/ImportsPage"));
const SourcesPage = lazy(() => import("./sources/SourcesPage"));
const QueuesPage = lazy(() => import("./queues/QueuesPage"));
const AdjudicationsPage = lazy(() => import("./adjudications/AdjudicationsPage"));
const AdjudicationPage = lazy(() => import("./adjudications/AdjudicationPage"));
const BatchesPage = lazy(() => import("./batches/BatchesPage"));
const FailuresPage = lazy(() => import("./failures/FailuresPage"));
const ClearingPage = lazy(() => import("./clearing/ClearingPage"));
const ComparisonsPage = lazy(() => import("./comparisons/ComparisonsPage"));
const AccountPage = lazy(() => import("./account/AccountPage"));
const PeoplePage = lazy(() => import("./people/PeoplePage"));
const LogPage = lazy(() => import("./log/LogPage"));
const ModelsPage = lazy(() => import("./models/ModelsPage"));

function NotFoundPage() {
  return (
    <Frame>
      <div className="pad">
        <Empty title="There is no page at this address">Use the list of pages on the left.</Empty>
      </div>
    </Frame>
  );
}

function Sources({ id }: { id: string | null }) {
  const [params] = useSearchParams();
  return <SourcesPage chosen={id} edits={params.has("change")} />;
}

function Pages() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/" component={WorkListPage} />
        <Route path="/new" component={NewAuditPage} />
        <Route path="/audits/:id">{({ id }) => <ReadingPage key={id} id={id} />}</Route>
        <Route path="/cases/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
        <Route path="/releases/:id?">{({ id }) => <ReleasesPage chosen={id ?? null} />}</Route>
        <Route path="/sources/:id?">{({ id }) => <Sources id={id ?? null} />}</Route>
        <Route path="/imports/:id?">{({ id }) => <ImportsPage chosen={id ?? null} />}</Route>
        <Route path="/queues/:id?">{({ id }) => <QueuesPage chosen={id ?? null} />}</Route>
        <Route path="/adjudications" component={AdjudicationsPage} />
        <Route path="/adjudications/:id">{({ id }) => <AdjudicationPage key={id} id={id} />}</Route>
        <Route path="/batches/:id?">{({ id }) => <BatchesPage chosen={id ?? null} />}</Route>
        <Route path="/failures/:id?">{({ id }) => <FailuresPage chosen={id ?? null} />}</Route>
        <Route path="/clearing" component={ClearingPage} />
        <Route path="/account" component={AccountPage} />
        <Route path="/people" component={PeoplePage} />
        <Route path="/log" component={LogPage} />
        <Route path="/models" component={ModelsPage} />
        <Route path="/comparisons/:id?">
          {({ id }) => <ComparisonsPage chosen={id ?? null} />}
        </Route>
        <Route component={NotFoundPage} />
      </Switch>
    </Suspense>
  );
}

/** The sign-in page until somebody is signed in; then the page of the address. */
export function App() {
  const session = useSession();
  if (session.error && !session.data) {
    return (
      <main className="sign-in">
        <ErrorBanner
          what="Overread cannot be reached"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </main>
    );
  }
  if (!session.data) return null;
  if (!session.data.user) return <SignInPage />;
  if (session.data.user.second_factor_missing) {
    return (
      <Suspense fallback={null}>
        <AccountPage />
      </Suspense>
    );
  }
  return (
    <OutboxProvider user={session.data.user.id}>
      <Pages />
    </OutboxProvider>
  );
}
