import { AppError } from '@bulwark/core';
import { SignIns } from '@bulwark/kube';
import { listen, openStore } from '@bulwark/store';
import type { FastifyInstance } from 'fastify';
import { Authenticator } from './access/authenticate.ts';
import { AuditLog } from './audit-log/audit-log.ts';
import { followFiles } from './audit-log/follow.ts';
import { type ConfiguredDecisions, decisionSettings } from './cluster/decision-settings.ts';
import { Precedence } from './cluster/precedence.ts';
import { type ClusterThread, nameOf, startClusterThread } from './cluster/worker.ts';
import { checkOf, type Duty } from './duties.ts';
import {
  type Certificate,
  type KeptCertificate,
  keepCertificate,
  readCertificate,
  type SecureServer,
} from './http/certificate.ts';
import { listenAt } from './http/listen.ts';
import { checksOf, type Job } from './jobs.ts';
import { leaveAddress } from './known-address.ts';
import { ALL_TOPICS, EventLog, type Topic } from './live/event-log.ts';
import { Sealer } from './notifications/sealing.ts';
import type { HubOptions } from './options.ts';
import { controlsById, serve } from './serving.ts';
import { breakOffSoon } from './stopping.ts';
import { tryWrites } from './tried-writes.ts';
import { TrustedClock } from './trusted-clock.ts';
import { watchForUpgrade } from './upgraded.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';

/** A running hub. */
export interface Hub {
  /** Where the page is. */
  readonly url: string;
  /** Signs the administrator in, once, within a day; undefined where one has a password. */
  readonly firstLink: string | undefined;
  /** Resolves where a later version has upgraded the database: then this one is to be stopped. */
  readonly upgraded: Promise<void>;
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
  const breaking = new AbortController();
  const stopping = new AbortController();
  const store = await openStore({ url: options.databaseUrl, now: options.now(), signal: breaking.signal });
  const log = new EventLog(options.now);
  const clock = new TrustedClock({ ...options, store, days: options.retentionDays });
  const signIns = options.signIns ?? new SignIns(options);
  const decisions: ConfiguredDecisions = {
    ...options.decisions,
    ...(options.approvalFrom !== undefined && { approvalFrom: options.approvalFrom }),
  };
  // Where the database takes nothing no other cluster is written either.
  const announceSight = () =>
    log.add({ clusters: 'all', namespaces: 'all', topics: ['clusters', 'coverage'] });
  const precedence = new Precedence((place, first) => threads[place]?.yieldTo(first));
  const threads: readonly ClusterThread[] = options.clusters.map((place, order) =>
    startClusterThread(
      options.program,
      {
        ...options,
        decisions,
        database: options.databaseUrl.reveal(),
        place,
        earlier: options.clusters.slice(0, order).map(nameOf),
        others: options.clusters.filter((_, at) => at !== order),
        signIns,
      },
      {
        say: options.say,
        onClaim: (claim) => precedence.claim(order, claim),
        onHeldUp: ({ cluster, fault }) => {
          store.unwritten.note(cluster, fault);
          announceSight();
        },
      },
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
  let begun: Upkeep | undefined;
  const duties = (): readonly Duty[] => [
    begun?.duty ?? { state: { kind: 'unknown' } },
    ...threads.map(({ role: { name, state } }) => ({ cluster: name, state })),
  ];
  const jobs = (): readonly Job[] => begun?.jobs ?? [];
  const checks = () => [
    ...(kept === undefined ? [] : [kept.check()]),
    ...signIns.unsaved().map((detail) => ({ name: 'sign-in', status: 'degraded' as const, detail })),
    ...duties().map(checkOf),
    ...jobs().flatMap(checksOf),
  ];
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
    jobs,
    auditLog,
    stopping: stopping.signal,
  };
  const server = await serve(options, parts);
  if (options.tls !== undefined && certificate !== undefined)
    kept = keepCertificate({
      ...options,
      files: options.tls,
      first: certificate,
      server: server.server as unknown as SecureServer,
    });
  await listenAt(server, options.listen).catch(async (error: unknown) => {
    kept?.stop();
    await Promise.all([server.close(), auditLog.stop(), ...threads.map((thread) => thread.stop())]);
    await store.close();
    throw cannotListen(error, options.listen);
  });
  url = options.publicUrl ?? addressOf(server, options);
  // Messages hold addresses of the page, and so are made only when it is known.
  const upkeep = startUpkeep({
    ...options,
    store,
    sealer,
    controls,
    origin,
    decisionsFor: (cluster) => decisionSettings(store, cluster, decisions, options.controls),
    random: Math.random,
    days: options.retentionDays,
    clock,
    // To whom this hub answers: what became of its jobs no other one knows.
    onEnd: () => log.add({ clusters: 'all', namespaces: 'all', topics: ['settings'] }),
  });
  begun = upkeep;
  const writes = tryWrites({
    store,
    onChange: (reason) => {
      options.say(reason ?? 'The database takes what is written again.');
      announceSight();
    },
  });
  const upgrade = watchForUpgrade(store);
  const onSilence = (since: Date | undefined): void => {
    options.say(
      since === undefined
        ? 'The database answers again.'
        : `The database has not answered since ${since.toISOString()}: what is shown is as of then.`,
    );
    log.noteSilence(since);
  };
  const notices = hear(options, { log, upkeep, auditLog, threads, onSilence });
  const files = followFiles(options.auditLogs ?? [], { ...options, store, auditLog });
  const stop = async (): Promise<void> => {
    kept?.stop();
    stopping.abort();
    void breakOffSoon(store, { breaking, sent: upkeep.sent() });
    const serving = async (): Promise<void> => {
      await files.stop();
      await server.close();
      await auditLog.stop();
    };
    const ended = [
      serving(),
      notices.stop(),
      writes.stop(),
      upgrade.stop(),
      upkeep.stop(),
      ...threads.map((thread) => thread.stop()),
    ];
    // After the threads are told: none of them has to say that it gets no token any more.
    signIns.stop();
    await Promise.all(ended);
    await store.close();
  };
  try {
    await auditLog.start();
    await leaveAddress(store, url);
    const link = await authenticator.firstLink();
    const firstLink = link === undefined ? undefined : `${url}/#link=${link}`;
    return { url, firstLink, upgraded: upgrade.upgraded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Hears what this hub and others on the database write, and hands it on. */
function hear(
  { databaseUrl }: HubOptions,
  {
    log,
    upkeep,
    auditLog,
    threads,
    onSilence,
  }: {
    readonly log: EventLog;
    readonly upkeep: Upkeep;
    readonly auditLog: AuditLog;
    readonly threads: readonly ClusterThread[];
    readonly onSilence: (since: Date | undefined) => void;
  },
): { stop(): Promise<void> } {
  const decide = (): void => {
    for (const judging of [...threads, upkeep]) judging.decide();
  };
  return listen(
    databaseUrl,
    ({ clusters, namespaces, topics }) => {
      // Written by a hub of ours.
      log.add({ clusters, namespaces, topics: topics as readonly Topic[] });
      if (topics.includes('findings')) upkeep.wake();
      if (topics.includes('inventory') && clusters !== 'all')
        for (const cluster of clusters) auditLog.onChanges(cluster);
      if (topics.includes('exceptions')) decide();
    },
    () => {
      log.add({ clusters: 'all', namespaces: 'all', topics: ALL_TOPICS });
      decide();
      auditLog.onGap();
    },
    { onSilence },
  );
}

/** @throws AppError where there are files of a certificate and none in them. */
function certificateOf({ tls }: HubOptions): Certificate | undefined {
  if (tls === undefined) return undefined;
  const read = readCertificate(tls);
  if (!read.ok) throw new AppError('bad-request', { detail: `TLS: ${read.error}` });
  return read.value;
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
