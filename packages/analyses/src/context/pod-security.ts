import type { Analysis, Labels } from '@bulwark/core';

/** The levels of the Pod Security Standards, least strict first. */
export const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];
/** What the admission plugin does with a pod that breaks the level. */
export type Mode = 'enforce' | 'audit' | 'warn';

/** A level and the version of the standard that it is pinned to. */
export interface LevelVersion {
  readonly level: Level;
  /** `latest`, or `1.NN`. */
  readonly version: string;
  /** Whether the namespace says so itself; without a label the cluster's default holds, which is privileged. */
  readonly isDeclared: boolean;
}

/** A namespace's Pod Security labels. */
export interface PodSecurity extends Readonly<Record<Mode, LevelVersion>> {
  /** Labels that the admission plugin refuses, and what is wrong with them. */
  readonly problems: readonly string[];
}

/** The Pod Security labels of every namespace. */
export interface PodSecurityLevels {
  of(namespace: string): PodSecurity;
}

const PREFIX = 'pod-security.kubernetes.io/';
const VERSION = /^v1\.(?:0|[1-9]\d*)$/;

/**
 * The level of a mode. An unknown level counts as restricted, so that a slip of the pen opens nothing, and an unknown
 * version as the latest (k8s.io/pod-security-admission, PolicyToEvaluate).
 */
function levelOf(labels: Labels, mode: Mode, problems: string[]): LevelVersion {
  const written = labels[PREFIX + mode];
  const version = versionOf(labels, mode, problems);
  if (written === undefined) return { level: 'privileged', version, isDeclared: false };
  const level = LEVELS.find((candidate) => candidate === written);
  if (level === undefined) problems.push(`${PREFIX}${mode}: "${written}" is none of ${LEVELS.join(', ')}`);
  return { level: level ?? 'restricted', version, isDeclared: true };
}

function versionOf(labels: Labels, mode: Mode, problems: string[]): string {
  const written = labels[`${PREFIX}${mode}-version`];
  if (written === undefined || written === 'latest') return 'latest';
  if (VERSION.test(written)) return written.slice(1);
  problems.push(`${PREFIX}${mode}-version: "${written}" is neither latest nor a version such as v1.34`);
  return 'latest';
}

/** The Pod Security levels of every namespace, from its labels. */
export const podSecurityLevels: Analysis<PodSecurityLevels> = {
  id: 'pod-security-levels',
  reads: ['Namespace'],
  compute(world) {
    const known = new Map<string, PodSecurity>();
    const read = (namespace: string): PodSecurity => {
      const labels = world.namespaceLabels(namespace);
      const problems: string[] = [];
      const level = (mode: Mode): LevelVersion => levelOf(labels, mode, problems);
      return { enforce: level('enforce'), audit: level('audit'), warn: level('warn'), problems };
    };
    return {
      of(namespace) {
        let found = known.get(namespace);
        if (found === undefined) {
          found = read(namespace);
          known.set(namespace, found);
        }
        return found;
      },
    };
  },
};
