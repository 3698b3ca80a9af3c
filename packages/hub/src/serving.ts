import { CONTROLS } from '@bulwark/controls';
import type { Control } from '@bulwark/core';
import { type Store, writeAudit } from '@bulwark/store';
import type { FastifyInstance } from 'fastify';
import type { AuditLog } from './audit-log/audit-log.ts';
import { type AdministrationSettings, administrationHandlers } from './handlers/administration.ts';
import { auditLogHandlers, refusedDeliveries } from './handlers/audit-log.ts';
import { buildHandlers } from './handlers/builds.ts';
import { catalogueHandlers } from './handlers/catalogue.ts';
import { clusterHandlers } from './handlers/clusters.ts';
import { comparisonHandlers } from './handlers/comparison.ts';
import { decisionHandlers } from './handlers/decisions.ts';
import { exportHandlers } from './handlers/exports.ts';
import { findingHandlers } from './handlers/findings.ts';
import { frameworkHandlers } from './handlers/frameworks.ts';
import { inventoryHandlers } from './handlers/inventory.ts';
import { type JobSettings, jobHandlers } from './handlers/jobs.ts';
import { KeptAnswers } from './handlers/kept-answers.ts';
import { atKnownMoments } from './handlers/known-moment.ts';
import { type NotificationSettings, notificationHandlers } from './handlers/notifications.ts';
import { type OperationSettings, operationHandlers } from './handlers/operations.ts';
import { selectionHandlers } from './handlers/selections.ts';
import { sessionHandlers } from './handlers/session.ts';
import { teamHandlers } from './handlers/teams.ts';
import { viewHandlers } from './handlers/views.ts';
import type { Certificate } from './http/certificate.ts';
import { createServer } from './http/server.ts';
import type { HubOptions } from './options.ts';

/** What the handlers need of a running hub, each its own part. */
export interface ServingParts
  extends Omit<AdministrationSettings, 'ownership'>,
    NotificationSettings,
    JobSettings,
    Omit<OperationSettings, 'callerOf'> {
  readonly store: Store;
  readonly controls: ReadonlyMap<string, Control>;
  readonly isSecure: boolean;
  readonly auditLog: AuditLog;
  readonly certificate: Certificate | undefined;
}

/** All controls there are, those of the configuration in the place of those that they are based on. */
export function controlsById({ controls }: HubOptions): ReadonlyMap<string, Control> {
  return new Map<string, Control>([...CONTROLS, ...controls].map((control) => [control.id, control]));
}

/** The HTTP server of a hub, with every handler. It does not listen yet. */
export function serve(options: HubOptions, parts: ServingParts): Promise<FastifyInstance> {
  const { now, version, retentionDays } = options;
  const { store, authenticator, controls, isSecure, certificate } = parts;
  const callerOf = authenticator.callerOf.bind(authenticator);
  const isDemo = options.clusters.some(({ kind }) => kind === 'demo');
  const running = new Set(options.controls.map(({ id }) => id));
  const keeping = { store, controls, answers: new KeptAnswers(store) };
  const rules = { store, controls, approvalFrom: options.approvalFrom };
  const own = {
    ...sessionHandlers({ store, authenticator, isSecure, isDemo, version, retentionDays }),
    ...clusterHandlers(store),
    ...findingHandlers(keeping),
    ...inventoryHandlers(store, keeping.answers),
    ...comparisonHandlers(keeping),
    ...buildHandlers(store),
    ...catalogueHandlers({ store, all: [...controls.values()], running }),
    ...frameworkHandlers(store, options.controls, keeping.answers),
    ...decisionHandlers(rules),
    ...selectionHandlers(rules),
    ...viewHandlers(store),
    ...teamHandlers(keeping),
    ...administrationHandlers({ ...parts, ownership: options.decisions.ownership }),
    ...notificationHandlers(parts),
    ...auditLogHandlers(store, parts.auditLog),
    ...operationHandlers({ ...parts, callerOf }),
    ...jobHandlers(parts),
  };
  const handlers = { ...own, ...exportHandlers(own) };
  return createServer({
    handlers: atKnownMoments(handlers, { store, retentionDays }),
    callerOf,
    audit: (entry) => writeAudit(store, entry),
    now,
    onTooLarge: refusedDeliveries(store, parts.auditLog, now),
    onFault: (error) =>
      options.say(
        `A request failed: ${error instanceof Error ? (error.stack ?? error.message) : 'an unknown failure'}`,
      ),
    isSecure,
    version,
    ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } }),
    ...(options.behindProxy && { behindProxy: options.behindProxy }),
    ...(options.page !== undefined && { page: { folder: options.page } }),
  });
}
