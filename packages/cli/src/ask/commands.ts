import {
  BUILD_FIELDS,
  CHANGE_FIELDS,
  COVERAGE_FIELDS,
  EXCEPTION_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  type QueryField,
  RESOURCE_FIELDS,
  SECRET_FIELDS,
  TEAM_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import type { AskedList } from './asked-list.ts';
import { builds } from './builds.ts';
import { changes } from './changes.ts';
import { compliance } from './compliance.ts';
import { findings } from './findings.ts';
import { namespaces, resources, workloads } from './inventory.ts';
import { jobs } from './jobs.ts';
import { nodes } from './nodes.ts';
import { queue } from './queue.ts';
import { secrets } from './secrets.ts';
import { clusters, coverageEntries, exceptions } from './standing.ts';
import { teams } from './teams.ts';

/** A command that asks a hub for a list. */
export interface AskCommand {
  readonly list: AskedList;
  readonly about: string;
  /** What stands behind the command in its examples. */
  readonly examples: readonly string[];
  /** What its query can ask for; absent where it takes none. */
  readonly fields?: readonly QueryField[];
  /** What it can be sorted by; absent where its order is its own. */
  readonly sorts?: readonly string[];
  /** Whether it can be asked as of a moment, and for what came after one. */
  readonly times?: readonly ('asOf' | 'since')[];
  /** Whether it is of all that the hub has, and no cluster narrows it. */
  readonly isOfHub?: boolean;
}

const BOTH_TIMES = ['asOf', 'since'] as const;
const OBJECT_SORTS = ['name', 'namespace', 'owner', 'first-seen'];

/** Every list that a hub can be asked for, by the name of its command: a new one is a definition and an entry here. */
export const ASK_COMMANDS = {
  queue: {
    list: queue,
    about: 'Ask a hub what to do first, and why.',
    examples: ['', '--mine', "'owner:payments'"],
    fields: FINDING_FIELDS,
    times: BOTH_TIMES,
  },
  findings: {
    list: findings,
    about: 'Ask a hub for findings: open ones, unless the query asks for another state.',
    examples: ["'severity:>=high namespace:pay*'", '--by owner', "--as-of 7d -f csv 'owner:none'"],
    fields: FINDING_FIELDS,
    sorts: ['severity', 'first-seen', 'control', 'namespace', 'name', 'owner'],
    times: BOTH_TIMES,
  },
  workloads: {
    list: workloads,
    about: 'Ask a hub for what runs pods.',
    examples: ["'image:*nginx* environment:production'"],
    fields: WORKLOAD_FIELDS,
    sorts: [...OBJECT_SORTS, 'severity', 'pods'],
    times: BOTH_TIMES,
  },
  namespaces: {
    list: namespaces,
    about: 'Ask a hub for namespaces, and which Pod Security level each could enforce.',
    examples: ["'owner:none'"],
    fields: NAMESPACE_FIELDS,
    sorts: ['name', 'owner', 'severity', 'findings', 'first-seen'],
    times: BOTH_TIMES,
  },
  nodes: {
    list: nodes,
    about: 'Ask a hub for nodes, their versions, and what of them is behind or out of support.',
    examples: ['', "'name:worker-*' -f csv"],
    fields: RESOURCE_FIELDS,
    sorts: OBJECT_SORTS,
    times: BOTH_TIMES,
  },
  secrets: {
    list: secrets,
    about: 'Ask a hub for the names of secrets, and who uses and may read each.',
    examples: ["'used:no'", "'expires:<now+30d'"],
    fields: SECRET_FIELDS,
    sorts: ['name', 'namespace', 'owner', 'type', 'users', 'expires', 'first-seen'],
    times: BOTH_TIMES,
  },
  resources: {
    list: resources,
    about: 'Ask a hub for objects of every kind.',
    examples: ["'kind:NetworkPolicy namespace:shop'"],
    fields: RESOURCE_FIELDS,
    sorts: OBJECT_SORTS,
    times: BOTH_TIMES,
  },
  changes: {
    list: changes,
    about: 'Ask a hub for changes, newest first, and who made them.',
    examples: ["--since 1d 'namespace:pay*'"],
    fields: CHANGE_FIELDS,
    sorts: ['at'],
    times: BOTH_TIMES,
  },
  builds: {
    list: builds,
    about: 'Ask a hub for what builds have judged, newest first.',
    examples: ["'verdict:failed repository:github.com/acme/*'"],
    fields: BUILD_FIELDS,
  },
  teams: {
    list: teams,
    about: 'Ask a hub for the owners, what is theirs and what they could do first; and for what nobody owns.',
    examples: ['', 'mine:yes'],
    fields: TEAM_FIELDS,
  },
  compliance: {
    list: compliance,
    about: 'Ask a hub how far frameworks are met, or which requirements of one are.',
    examples: [
      '',
      'pss-restricted',
      'pss-restricted --as-of 2026-11-01 -f csv',
      'pss-restricted --cluster prod --report html --output audit.html',
    ],
    times: ['asOf'],
  },
  coverage: {
    list: coverageEntries,
    about: 'Ask a hub what it has not seen or judged.',
    examples: ['kind:lost'],
    fields: COVERAGE_FIELDS,
    sorts: ['kind', 'cluster', 'subject', 'since'],
  },
  clusters: {
    list: clusters,
    about: 'Ask a hub for its clusters, and how much of each is seen.',
    examples: [''],
    isOfHub: true,
  },
  jobs: {
    list: jobs,
    about: 'Ask a hub what it does without being asked: who does it, what became of it, when it is due.',
    examples: [''],
    isOfHub: true,
  },
} as const satisfies Readonly<Record<string, AskCommand>>;

/** `bulwark exceptions list`, which stands below another command. */
export const EXCEPTION_LIST: AskCommand = {
  list: exceptions,
  about: 'Ask a hub for its exceptions and what annotations ask for, with what each covers.',
  examples: ['waiting:yes', "'state:active until:<now+30d'"],
  fields: EXCEPTION_FIELDS,
  sorts: ['id', 'until', 'covers', 'severity', 'state', 'owner'],
};
