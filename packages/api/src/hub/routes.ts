import { administrationRoutes } from './administration.ts';
import { auditLogRoutes } from './audit-log.ts';
import { buildRoutes } from './builds.ts';
import { catalogueRoutes } from './catalogue.ts';
import { clusterRoutes } from './clusters.ts';
import { comparisonRoutes } from './comparison.ts';
import type { RouteContract } from './contract.ts';
import { decisionRoutes } from './decisions.ts';
import { exportRoutes } from './exports.ts';
import { findingRoutes } from './findings.ts';
import { inventoryRoutes } from './inventory.ts';
import { notificationRoutes } from './notifications.ts';
import { operationRoutes } from './operations.ts';
import { queueRoutes } from './queue.ts';
import { selectionRoutes } from './selections.ts';
import { sessionRoutes } from './session.ts';
import { viewRoutes } from './views.ts';

/** Every route of the hub, by id. */
export const ROUTES = {
  ...sessionRoutes,
  ...clusterRoutes,
  ...findingRoutes,
  ...queueRoutes,
  ...selectionRoutes,
  ...viewRoutes,
  ...inventoryRoutes,
  ...comparisonRoutes,
  ...buildRoutes,
  ...catalogueRoutes,
  ...decisionRoutes,
  ...administrationRoutes,
  ...notificationRoutes,
  ...operationRoutes,
  ...auditLogRoutes,
  ...exportRoutes,
} as const satisfies Readonly<Record<string, RouteContract>>;

export type RouteId = keyof typeof ROUTES;
