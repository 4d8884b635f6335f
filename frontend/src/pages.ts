/** Every page but the reading view, each with its script apart. The reading view comes with the
 * page's own: it is where the first second counts, and where every list leads. */
import { later } from "./parts/later";

export const WorkListPage = later(() => import("./worklist/WorkListPage"));
export const NewAuditPage = later(() => import("./newaudit/NewAuditPage"));
export const CasePage = later(() => import("./cases/CasePage"));
export const ReleasesPage = later(() => import("./releases/ReleasesPage"));
export const ImportsPage = later(() => import("./imports/ImportsPage"));
export const SourcesPage = later(() => import("./sources/SourcesPage"));
export const QueuesPage = later(() => import("./queues/QueuesPage"));
export const AdjudicationsPage = later(() => import("./adjudications/AdjudicationsPage"));
export const AdjudicationPage = later(() => import("./adjudications/AdjudicationPage"));
export const BatchesPage = later(() => import("./batches/BatchesPage"));
export const FailuresPage = later(() => import("./failures/FailuresPage"));
export const ClearingPage = later(() => import("./clearing/ClearingPage"));
export const ComparisonsPage = later(() => import("./comparisons/ComparisonsPage"));
export const AccountPage = later(() => import("./account/AccountPage"));
export const PeoplePage = later(() => import("./people/PeoplePage"));
export const LogPage = later(() => import("./log/LogPage"));
export const ModelsPage = later(() => import("./models/ModelsPage"));
