import { type CoverageEntry, coverage as coverageEntry, type Resource } from '@bulwark/core';
import { UsageError } from '../exit.ts';
import type { ScanFlags } from '../flags.ts';
import type { Io } from '../io.ts';

/** What a scan reads: files, or a cluster. */
export interface ScanSource {
  /** Files and folders to read; none for a cluster. */
  readonly paths: readonly string[];
  /** The flags, with the version of Kubernetes whose rules count for a cluster. */
  readonly flags: ScanFlags;
  /** What the report says was read. */
  readonly inputs: readonly string[];
  /** What was read of the cluster already. */
  readonly live?: readonly Resource[];
  readonly coverage: readonly CoverageEntry[];
}

/**
 * Finds out what to read, and reads it where it is a cluster.
 *
 * @throws UsageError for options that do not go together, and for a cluster that cannot be read.
 */
export async function scanSource(paths: readonly string[], flags: ScanFlags, io: Io): Promise<ScanSource> {
  if (flags.cluster !== true) {
    refuseNeedless(flags);
    return { paths, flags, inputs: paths, coverage: [] };
  }
  if (paths.length > 0) throw new UsageError('--cluster judges a cluster; it takes no files beside that');
  const { readCluster } = await import('../source/cluster/read-cluster.ts');
  const { name, rules, resources, coverage } = await readCluster(flags, io);
  const { kubernetesVersion = rules.version.text } = flags;
  const remark = flags.kubernetesVersion === undefined ? rules.remark : undefined;
  return {
    paths: [],
    flags: { ...flags, kubernetesVersion },
    inputs: [name],
    live: resources,
    coverage: [...coverage, ...(remark === undefined ? [] : [coverageEntry('unknown-kubernetes', remark)])],
  };
}

function refuseNeedless(flags: ScanFlags): void {
  const names = ['context', 'kubeconfig', 'insecureSkipTlsVerify'] as const;
  const needless = names.find((name) => flags[name] !== undefined);
  if (needless === undefined) return;
  const option = needless.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${option} is only for --cluster`);
}
