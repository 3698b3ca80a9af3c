import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bulwark/core';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import type { AccessProblem, ClusterAccess } from './access.ts';
import { authoritiesOf } from './cluster-entry.ts';
import { tokenFileCredentials } from './credentials.ts';
import { FreshFile, reasonOf } from './fresh-file.ts';
import { accessFromKubeconfig, type KubeconfigOptions, kubeconfigFiles } from './kubeconfig.ts';

/** Where a pod finds its service account. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where a pod is looked at. */
export interface InClusterOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  readonly clock?: Clock;
}

/** Whether this process runs in a pod that has a service account. */
export function isInCluster({ env = {}, folder = SERVICE_ACCOUNT_FOLDER }: InClusterOptions = {}): boolean {
  return (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' && existsSync(join(folder, 'token'));
}

/** The access of a pod's own service account. Token and authority are read anew as the cluster rotates them. */
export function accessInCluster(
  options: InClusterOptions = {},
): Result<ClusterAccess, readonly AccessProblem[]> {
  const { env = {}, folder = SERVICE_ACCOUNT_FOLDER, clock = SYSTEM_CLOCK } = options;
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT_HTTPS'] ?? env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (host === '' || !URL.canParse(server))
    return err([{ file: folder, message: 'This is no pod: KUBERNETES_SERVICE_HOST names no address.' }]);
  const authority = join(folder, 'ca.crt');
  let namespace = 'default';
  try {
    namespace = readFileSync(join(folder, 'namespace'), 'utf8').trim() || namespace;
    readFileSync(authority);
    readFileSync(join(folder, 'token'));
  } catch (error) {
    const message = `The service account of this pod cannot be used: ${reasonOf(error)}.`;
    return err([{ file: folder, message }]);
  }
  return ok({
    name: 'in-cluster',
    server: new URL(server),
    namespace,
    trust: {
      serverName: undefined,
      insecure: false,
      authorities: authoritiesOf(undefined, authority, clock),
    },
    proxy: undefined,
    impersonation: undefined,
    credentials: tokenFileCredentials(new FreshFile(join(folder, 'token'), clock)),
    compress: true,
  });
}

/** The access that a person most likely means: a kubeconfig where there is one, otherwise the pod's own. */
export function findAccess(options: KubeconfigOptions = {}): Result<ClusterAccess, readonly AccessProblem[]> {
  const isChosen = options.path !== undefined || options.context !== undefined;
  const hasFile = kubeconfigFiles(options).some((file) => existsSync(file));
  if (!isChosen && !hasFile && isInCluster(options)) return accessInCluster(options);
  return accessFromKubeconfig(options);
}
