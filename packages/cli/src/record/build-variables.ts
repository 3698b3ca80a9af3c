import type { BuildRecordBody } from '@bulwark/api';
import { redactAddress, redactText } from '@bulwark/core';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';

type Variables = Io['env'];

/** What is being built: where it comes from and what runs the build. */
export type BuildSource = Pick<
  BuildRecordBody,
  'repository' | 'commit' | 'ref' | 'run' | 'author' | 'system'
>;

/** What one build system says in its variables; empty where it does not. */
interface Said {
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
  readonly ref?: string | undefined;
  readonly run?: string | undefined;
  readonly author?: string | undefined;
}

interface BuildSystem {
  readonly system: BuildRecordBody['system'];
  readonly isHere: (env: Variables) => boolean;
  readonly read: (env: Variables) => Said;
}

/** Variables as the systems document them; each is asked for by what only it sets. */
const BUILD_SYSTEMS: readonly BuildSystem[] = [
  {
    system: 'github-actions',
    isHere: (env) => env['GITHUB_ACTIONS'] === 'true',
    read: (env) => {
      const repository = joined(env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY']);
      return {
        repository,
        commit: env['GITHUB_SHA'],
        ref: env['GITHUB_HEAD_REF'] || env['GITHUB_REF_NAME'],
        run: joined(repository, 'actions/runs', env['GITHUB_RUN_ID']),
        author: env['GITHUB_ACTOR'],
      };
    },
  },
  {
    system: 'gitlab-ci',
    isHere: (env) => env['GITLAB_CI'] === 'true',
    read: (env) => ({
      repository: env['CI_PROJECT_URL'],
      commit: env['CI_COMMIT_SHA'],
      ref: env['CI_COMMIT_REF_NAME'],
      run: env['CI_JOB_URL'],
      author: nameOf(env['CI_COMMIT_AUTHOR']),
    }),
  },
  {
    system: 'circleci',
    isHere: (env) => env['CIRCLECI'] === 'true',
    read: (env) => ({
      repository: env['CIRCLE_REPOSITORY_URL'],
      commit: env['CIRCLE_SHA1'],
      ref: env['CIRCLE_TAG'] || env['CIRCLE_BRANCH'],
      run: env['CIRCLE_BUILD_URL'],
      author: env['CIRCLE_USERNAME'],
    }),
  },
  {
    system: 'azure-pipelines',
    isHere: (env) => env['TF_BUILD'] === 'True',
    read: (env) => {
      const run = joined(env['SYSTEM_COLLECTIONURI'], env['SYSTEM_TEAMPROJECT'], '_build/results');
      const id = env['BUILD_BUILDID'];
      return {
        repository: env['BUILD_REPOSITORY_URI'],
        commit: env['BUILD_SOURCEVERSION'],
        ref: env['BUILD_SOURCEBRANCH']?.replace(/^refs\/(?:heads|tags)\//, ''),
        run: run && id && `${run}?buildId=${id}`,
        author: env['BUILD_REQUESTEDFOR'],
      };
    },
  },
  {
    system: 'buildkite',
    isHere: (env) => env['BUILDKITE'] === 'true',
    read: (env) => ({
      repository: env['BUILDKITE_REPO'],
      commit: env['BUILDKITE_COMMIT'],
      ref: env['BUILDKITE_TAG'] || env['BUILDKITE_BRANCH'],
      run: env['BUILDKITE_BUILD_URL'],
      author: env['BUILDKITE_BUILD_AUTHOR'],
    }),
  },
  {
    system: 'jenkins',
    isHere: (env) => (env['JENKINS_URL'] ?? '') !== '',
    read: (env) => ({
      repository: env['GIT_URL'],
      commit: env['GIT_COMMIT'],
      ref: env['CHANGE_BRANCH'] || env['GIT_BRANCH'],
      run: env['BUILD_URL'],
      author: env['CHANGE_AUTHOR'],
    }),
  },
];

/** Variables that win over those of a build system, and say all where there is none. */
const OWN = {
  repository: 'BULWARK_BUILD_REPOSITORY',
  commit: 'BULWARK_BUILD_COMMIT',
  ref: 'BULWARK_BUILD_REF',
  run: 'BULWARK_BUILD_RUN',
  author: 'BULWARK_BUILD_AUTHOR',
} as const satisfies Readonly<Record<keyof Said, string>>;

const COMMIT = /^[0-9a-f]{7,64}$/;

/**
 * What is being built, by the variables of the build system that runs this.
 *
 * @throws UsageError with everything that is missing or wrong.
 */
export function buildSource(env: Variables): BuildSource {
  const found = BUILD_SYSTEMS.find(({ isHere }) => isHere(env));
  const theirs: Said = found?.read(env) ?? {};
  const said = (name: keyof Said): string | undefined => lineOf(env[OWN[name]]) ?? lineOf(theirs[name]);
  const source = {
    repository: redactText(repositoryOf(said('repository') ?? '')),
    commit: (said('commit') ?? '').toLowerCase(),
    ref: shortened(said('ref')),
    run: redactAddress(said('run') ?? '') || null,
    author: shortened(said('author')),
    system: found?.system ?? 'other',
  };
  const faults = faultsOf(source);
  if (faults.length === 0) return source;
  const why =
    found === undefined ? 'this is no build system that is known here' : `${found.system} does not say all`;
  throw new UsageError([`--record: ${why}`, ...faults.map((fault) => `  ${fault}`)].join('\n'));
}

function faultsOf({ repository, commit, run }: BuildSource): string[] {
  return [
    ...(repository.length <= LONGEST_REPOSITORY
      ? []
      : [`${OWN.repository} must have at most ${LONGEST_REPOSITORY} letters`]),
    ...(run === null || run.length <= LONGEST_RUN
      ? []
      : [`${OWN.run} must have at most ${LONGEST_RUN} letters`]),
    ...(repository === '' ? [`${OWN.repository} must say what is built, such as github.com/acme/shop`] : []),
    ...(COMMIT.test(commit) ? [] : [`${OWN.commit} must be the commit, 7 to 64 hexadecimal digits`]),
    ...(run === null || /^https?:\/\/[^\s]+$/.test(run)
      ? []
      : [`${OWN.run} must be an address of http or https`]),
  ];
}

/** What the hub takes. */
const LONGEST_REPOSITORY = 500;
const LONGEST_RUN = 2000;
/** Of what says as much when it is cut. */
const MOST_LETTERS = 300;

/** A line without secrets, of a length that can be shown. */
function shortened(line: string | undefined): string | null {
  return line === undefined ? null : redactText(line).slice(0, MOST_LETTERS);
}

/** One line of text; undefined where there is nothing to say. */
function lineOf(text: string | undefined): string | undefined {
  const line = (text ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return line === '' ? undefined : line;
}

/** `github.com/acme/shop` of any way to write where a repository is; names and passwords are left out. */
function repositoryOf(written: string): string {
  return written
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^/]*@/, '')
    .replace(/[?#].*$/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/[@\s]/g, '');
}

/** Parts of an address with one slash between; undefined where one is missing. */
function joined(...parts: readonly (string | undefined)[]): string | undefined {
  if (parts.some((part) => part === undefined || part === '')) return undefined;
  return parts.map((part) => (part ?? '').replace(/^\/+|\/+$/g, '')).join('/');
}

/** The name of `Ann <ann@example.com>`. */
function nameOf(author: string | undefined): string | undefined {
  return author?.replace(/\s*<[^>]*>\s*$/, '');
}
