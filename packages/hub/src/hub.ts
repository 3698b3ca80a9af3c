import { CONTROLS } from '@bulwark/controls';
import { AppError, type Control, type Secret } from '@bulwark/core';
import { listen, openStore, type Store, writeAudit } from '@bulwark/store';
import type { FastifyInstance } from 'fastify';
import { Authenticator } from './access/authenticate.ts';
import { AuditLog } from './audit-log/audit-log.ts';
import { type FollowedFile, followFiles } from './audit-log/follow.ts';
import type { ConfiguredDecisions } from './cluster/decision-settings.ts';
import type { ClusterPlace } from './cluster/way.ts';
import { startClusterThread } from './cluster/worker.ts';
import { checkOf, type Duty } from './duties.ts';
import { administrationHandlers } from './handlers/administration.ts';
import { auditLogHandlers } from './handlers/audit-log.ts';
import { buildHandlers } from './handlers/builds.ts';
import { catalogueHandlers } from './handlers/catalogue.ts';
import { clusterHandlers } from './handlers/clusters.ts';
import { comparisonHandlers } from './handlers/comparison.ts';
import { decisionHandlers } from './handlers/decisions.ts';
import { findingHandlers } from './handlers/findings.ts';
import { frameworkHandlers } from './handlers/frameworks.ts';
import { inventoryHandlers } from './handlers/inventory.ts';
import { KeptAnswers } from './handlers/kept-answers.ts';
import { atKnownMoments } from './handlers/known-moment.ts';
import { notificationHandlers } from './handlers/notifications.ts';
import { type OperationSettings, operationHandlers } from './handlers/operations.ts';
import { selectionHandlers } from './handlers/selections.ts';
import { sessionHandlers } from './handlers/session.ts';
import { viewHandlers } from './handlers/views.ts';
import {
  type Certificate,
  type CertificateFiles,
  type KeptCertificate,
  keepCertificate,
  readCertificate,
  type SecureServer,
} from './http/certificate.ts';
import { createServer } from './http/server.ts';
import { ALL_TOPICS, EventLog } from './live/event-log.ts';
import { Sealer } from './notifications/sealing.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';

/** How a hub is run. */
export interface HubOptions {
  readonly databaseUrl: Secret<string>;
  readonly clusters: readonly ClusterPlace[];
  /** The program that `serveCluster` runs in when it is started as a worker. */
  readonly program: URL;
  readonly listen: { readonly host: string; readonly port: number };
  /** Read again when they change. */
  readonly tls?: CertificateFiles;
  readonly behindProxy?: readonly string[];
  /** Where browsers reach it, when that is not where it listens. */
  readonly publicUrl?: string;
  /** Folder of the built page. */
  readonly page?: string;
  readonly controls: readonly Control[];
  readonly decisions: ConfiguredDecisions;
  readonly approvalFrom: 'critical' | 'high' | 'medium' | undefined;
  readonly secrets: boolean;
  /** Audit logs that are read from files. */
  readonly auditLogs?: readonly FollowedFile[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many days of the past are kept. */
  readonly retentionDays: number;
  /** Where nightly backups go; undefined where the database is somebody else's. */
  readonly backups?: string;
  /** File of the key that the secrets of notification channels are kept with; made when it is first needed. */
  readonly keyFile: string;
  readonly version: string;
  readonly now: () => Date;
  readonly say: (message: string) => void;
}

/** A running hub. */
export interface Hub {
  /** Where the page is. */
  readonly url: string;
  /** Signs the administrator in, once, within a day; undefined where one has a password. */
  readonly firstLink: string | undefined;
  stop(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Starts a hub: opens the database, watches the clusters, answers requests.
 *
 * @throws AppError where it would be reached without TLS from other machines, and where it cannot listen.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { host } = options.listen;
  const isSecure = options.tls !== undefined || options.behindProxy !== undefined;
  if (!isSecure && !LOOPBACK.has(host))
    throw new AppError('bad-request', {
      detail: `Without TLS the hub listens on the loopback address only, not on ${host}: give it a certificate, or say that it is behind a proxy.`,
    });
  const certificate = certificateOf(options);
  const store = await openStore({ url: options.databaseUrl, now: options.now() });
  const log = new EventLog(Math.floor(options.now().getTime()));
  const threads = options.clusters.map((place) =>
    startClusterThread(
      options.program,
      {
        ...options,
        decisions: {
          ...options.decisions,
          ...(options.approvalFrom !== undefined && { approvalFrom: options.approvalFrom }),
        },
        database: options.databaseUrl.reveal(),
        place,
      },
      options.say,
    ),
  );
  const sealer = new Sealer(options.keyFile);
  const controls = controlsById(options);
  // Known when it listens: the port may be for the system to choose.
  let url = options.publicUrl ?? '';
  const origin = (): string => url;
  const authenticator = new Authenticator(store, { isSecure, now: options.now });
  const auditLog = new AuditLog({ ...options, store });
  let kept: KeptCertificate | undefined;
  let upkeep: Upkeep | undefined;
  const duties = (): readonly Duty[] => [
    upkeep?.duty ?? { state: { kind: 'unknown' } },
    ...threads.map(({ role: { name, state } }) => ({ cluster: name, state })),
  ];
  const checks = () => [...(kept === undefined ? [] : [kept.check()]), ...duties().map(checkOf)];
  const parts = {
    store,
    authenticator,
    log,
    isSecure,
    controls,
    origin,
    sealer,
    certificate,
    checks,
    duties,
    auditLog,
  };
  const server = await serve(options, parts);
  if (options.tls !== undefined && certificate !== undefined)
    kept = keepCertificate({
      ...options,
      files: options.tls,
      first: certificate,
      server: server.server as unknown as SecureServer,
    });
  await server.listen(options.listen).catch(async (error: unknown) => {
    kept?.stop();
    await Promise.all([server.close(), auditLog.stop(), ...threads.map((thread) => thread.stop())]);
    await store.close();
    throw cannotListen(error, options.listen);
  });
  url = options.publicUrl ?? addressOf(server, options);
  // Messages hold addresses of the page, and so are made only when it is known.
  upkeep = startUpkeep({
    ...options,
    store,
    sealer,
    controls,
    origin,
    random: Math.random,
    days: options.retentionDays,
  });
  const decide = (): void => {
    for (const thread of threads) thread.decide();
  };
  const notices = listen(
    options.databaseUrl,
    ({ cluster, topics }) => {
      log.add(cluster, topics as never);
      if (topics.includes('findings')) upkeep?.wake();
      if (topics.includes('inventory') && cluster !== null) auditLog.onChanges(cluster);
      if (topics.includes('exceptions')) decide();
    },
    () => {
      log.add(null, ALL_TOPICS);
      decide();
      auditLog.onGap();
    },
  );
  await auditLog.start();
  const link = await authenticator.firstLink();
  const files = followFiles(options.auditLogs ?? [], { ...options, store, auditLog });
  return {
    url,
    firstLink: link === undefined ? undefined : `${url}/#link=${link}`,
    stop: async () => {
      kept?.stop();
      await files.stop();
      await server.close();
      await auditLog.stop();
      await Promise.all(threads.map((thread) => thread.stop()));
      await notices.stop();
      await upkeep?.stop();
      await store.close();
    },
  };
}

interface Parts {
  readonly store: Store;
  readonly authenticator: Authenticator;
  readonly log: EventLog;
  readonly isSecure: boolean;
  readonly controls: ReadonlyMap<string, Control>;
  readonly origin: () => string;
  readonly sealer: Sealer;
  readonly certificate: Certificate | undefined;
  readonly auditLog: AuditLog;
  readonly checks: OperationSettings['checks'];
  readonly duties: OperationSettings['duties'];
}

/** @throws AppError where there are files of a certificate and none in them. */
function certificateOf({ tls }: HubOptions): Certificate | undefined {
  if (tls === undefined) return undefined;
  const read = readCertificate(tls);
  if (!read.ok) throw new AppError('bad-request', { detail: `TLS: ${read.error}` });
  return read.value;
}

/** All controls there are, those of the configuration in the place of those that they are based on. */
function controlsById({ controls }: HubOptions): ReadonlyMap<string, Control> {
  return new Map<string, Control>([...CONTROLS, ...controls].map((control) => [control.id, control]));
}

function serve(
  options: HubOptions,
  {
    store,
    authenticator,
    log,
    isSecure,
    controls,
    origin,
    sealer,
    certificate,
    checks,
    duties,
    auditLog,
  }: Parts,
): Promise<FastifyInstance> {
  const running = new Set(options.controls.map(({ id }) => id));
  const rules = { store, controls, approvalFrom: options.approvalFrom };
  const keeping = { store, controls, answers: new KeptAnswers(store) };
  const handlers = {
    ...sessionHandlers({
      store,
      authenticator,
      isSecure,
      isDemo: options.clusters.some(({ kind }) => kind === 'demo'),
      version: options.version,
    }),
    ...clusterHandlers(store),
    ...findingHandlers(keeping),
    ...inventoryHandlers(store),
    ...comparisonHandlers(keeping),
    ...buildHandlers(store),
    ...catalogueHandlers({ store, all: [...controls.values()], running }),
    ...frameworkHandlers(store, options.controls),
    ...decisionHandlers(rules),
    ...selectionHandlers(rules),
    ...viewHandlers(store),
    ...administrationHandlers({ store, authenticator, controls, origin }),
    ...notificationHandlers({ store, sealer, origin }),
    ...auditLogHandlers(store, auditLog),
    ...operationHandlers({ store, log, checks, duties }),
  };
  return createServer({
    handlers: atKnownMoments(handlers, { store, retentionDays: options.retentionDays }),
    callerOf: (request) => authenticator.callerOf(request),
    audit: (entry) => writeAudit(store, entry),
    now: options.now,
    onFault: (error) =>
      options.say(
        `A request failed: ${error instanceof Error ? (error.stack ?? error.message) : 'an unknown failure'}`,
      ),
    isSecure,
    version: options.version,
    ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } }),
    ...(options.behindProxy && { behindProxy: options.behindProxy }),
    ...(options.page !== undefined && { page: { folder: options.page } }),
  });
}

/** Why an address cannot be listened on, for people; other failures as they are. */
function cannotListen(error: unknown, { host, port }: HubOptions['listen']): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = NO_LISTENING[code];
  return why === undefined
    ? error
    : new AppError('bad-request', { detail: `${host}:${port} cannot be listened on: ${why}.` });
}

const NO_LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'another program listens there, perhaps another hub; --listen HOST:PORT chooses another address',
  EACCES: 'this user may not; ports below 1024 are for root',
  EADDRNOTAVAIL: 'this machine has no such address',
};

function addressOf(server: FastifyInstance, { listen: { host }, tls }: HubOptions): string {
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
