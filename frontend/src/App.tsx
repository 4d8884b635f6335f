import { Route, Switch, useSearchParams } from "wouter";
import { ErrorBanner } from "./parts/ErrorBanner";
import { Frame } from "./parts/Frame";
import { Empty } from "./parts/Banner";
import { ReadingPage } from "./reading/ReadingPage";
import { SignInPage } from "./session/SignIn";
import { useSession } from "./session/session";
import { GoToProvider } from "./goto/GoTo";
import { OutboxProvider } from "./outbox/OutboxProvider";
import {
  AccountPage,
  AdjudicationPage,
  AdjudicationsPage,
  BatchesPage,
  CasePage,
  ClearingPage,
  ComparisonsPage,
  FailuresPage,
  ImportsPage,
  LogPage,
  ModelsPage,
  NewAuditPage,
  PeoplePage,
  QueuesPage,
  ReleasesPage,
  SourcesPage,
  WorkListPage,
} from "./pages";

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
      <Route path="/comparisons/:id?">{({ id }) => <ComparisonsPage chosen={id ?? null} />}</Route>
      <Route component={NotFoundPage} />
    </Switch>
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
    return <AccountPage />;
  }
  return (
    <OutboxProvider user={session.data.user.id}>
      <GoToProvider>
        <Pages />
      </GoToProvider>
    </OutboxProvider>
  );
}
