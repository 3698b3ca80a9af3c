import type { Control, Secret } from '@bulwark/core';
import type { SignIns } from '@bulwark/kube';
import type { FollowedFile } from './audit-log/follow.ts';
import type { ConfiguredDecisions } from './cluster/decision-settings.ts';
import type { ClusterPlace } from './cluster/way.ts';
import type { CertificateFiles } from './http/certificate.ts';

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
  /** The sign-ins of kubeconfigs, where the process has asked for tokens of them before. */
  readonly signIns?: SignIns;
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
