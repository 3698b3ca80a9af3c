import { z } from 'zod';
import { administrationRoutes } from './administration.ts';
import { buildRoutes } from './builds.ts';
import { catalogueRoutes } from './catalogue.ts';
import { clusterRoutes } from './clusters.ts';
import type { Permission, RouteContract } from './contract.ts';
import { decisionRoutes } from './decisions.ts';
import { findingRoutes } from './findings.ts';
import { inventoryRoutes } from './inventory.ts';
import { notificationRoutes } from './notifications.ts';
import { operationRoutes } from './operations.ts';
import { queueRoutes } from './queue.ts';
import { exportFormat } from './vocabulary.ts';

/** The lists that are given as files as well, by the route that does. A new one is a line here, and its columns. */
export const EXPORTED = {
  exportQueue: queueRoutes.getQueue,
  exportFindings: findingRoutes.listFindings,
  exportFindingGroups: findingRoutes.groupFindings,
  exportWorkloads: inventoryRoutes.listWorkloads,
  exportNamespaces: inventoryRoutes.listNamespaces,
  exportNodes: inventoryRoutes.listNodes,
  exportSecrets: inventoryRoutes.listSecrets,
  exportResources: inventoryRoutes.listResources,
  exportChanges: inventoryRoutes.listChanges,
  exportBuildRecords: buildRoutes.listBuildRecords,
  exportTeams: administrationRoutes.listTeams,
  exportControls: catalogueRoutes.listControls,
  exportFrameworks: catalogueRoutes.listFrameworks,
  exportRequirements: catalogueRoutes.getFramework,
  exportExceptions: decisionRoutes.listExceptions,
  exportCoverage: clusterRoutes.listCoverage,
  exportClusters: clusterRoutes.listClusters,
  exportAudit: administrationRoutes.listAudit,
  exportDeliveries: notificationRoutes.listDeliveries,
  exportJobs: operationRoutes.listJobs,
} as const satisfies Readonly<Record<string, RouteContract>>;

export type ExportId = keyof typeof EXPORTED;
/** The lists that have an export. */
export type ExportedList = (typeof EXPORTED)[ExportId]['id'];

/** The contract of an export. */
export interface ExportContract<Id extends ExportId> {
  readonly id: Id;
  readonly method: 'GET';
  readonly path: `/${string}`;
  readonly permission: Permission;
  readonly tag: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query: z.ZodObject;
  readonly stream: 'export';
}

/** What the pages of a list are asked with, and a file that has all of them is not. */
const OF_PAGES: ReadonlySet<string> = new Set(['limit', 'cursor']);

function exportOf<Id extends ExportId>(id: Id): ExportContract<Id> {
  const list: RouteContract = EXPORTED[id];
  const asked = Object.entries(list.query?.shape ?? {}).filter(([name]) => !OF_PAGES.has(name));
  return {
    id,
    method: 'GET',
    path: `${list.path}/export`,
    permission: list.permission,
    tag: list.tag,
    summary: `Streams all that ${list.id} lists, as CSV or as JSON lines.`,
    ...(list.params && { params: list.params }),
    query: z.strictObject({ ...Object.fromEntries(asked), format: exportFormat }),
    stream: 'export',
  };
}

/** For each list that is given as a file, the route that streams it: it takes what the list takes, but for its pages. */
export const exportRoutes = Object.fromEntries(
  (Object.keys(EXPORTED) as ExportId[]).map((id) => [id, exportOf(id)]),
) as { readonly [Id in ExportId]: ExportContract<Id> };
