import { clusterRules, namespaceOf, type Resource } from '@bulwark/core';
import {
  type ClusterAccess,
  isLoopback,
  isSeen,
  isTried,
  type KindState,
  type MissingRule,
  printMissingRule,
  UNEVALUATED_KINDS,
  UNWATCHED_KINDS,
  type Unseen,
} from '@bulwark/kube';
import type { CoverageRecord, KindRecord } from '@bulwark/store';

/** The RBAC rule that would grant a right, as YAML. */
export function ruleText(missing: MissingRule): string {
  const verbs = `verbs: [${missing.verbs.join(', ')}]`;
  if ('paths' in missing) return `- nonResourceURLs: [${missing.paths.join(', ')}]\n  ${verbs}`;
  return `- apiGroups: ["${missing.group}"]\n  resources: [${missing.resource}]\n  ${verbs}`;
}

/**
 * What a kind's state means for what is known: nothing where all of it is seen.
 *
 * @param more.isRecalled whether objects from before the start stand for those that are not seen.
 * @param more.isAwaited whether what depends on it waits for it, where it was not listed yet.
 */
export function coverageOf(
  state: KindState,
  { isRecalled, isAwaited }: { readonly isRecalled: boolean; readonly isAwaited: boolean },
): CoverageRecord | undefined {
  const record = recordOf(state);
  if (record === undefined) return record;
  const sentences = [
    ...(isRecalled ? ['What was seen of it before counts until it is seen again.'] : []),
    // While everything is listed for the first time, nothing is judged.
    ...(state.state === 'pending' && isTried(state)
      ? [`New findings that depend on it ${isAwaited ? 'wait for it' : 'are made without it'}.`]
      : []),
  ];
  if (sentences.length === 0) return record;
  return { ...record, reason: [record.reason.replace(/\.?$/, '.'), ...sentences].join(' ') };
}

function recordOf(state: KindState): CoverageRecord | undefined {
  const subject = state.groupKind;
  switch (state.state) {
    case 'denied':
      return {
        code: 'missing-permission',
        subject,
        kind: 'lost',
        reason: printMissingRule(state.missing),
        remedy: ruleText(state.missing),
      };
    case 'stale':
      return {
        code: 'stale-kind',
        subject,
        kind: 'lost',
        reason: `Not seen since ${new Date(state.since).toISOString()}: ${state.reason}`,
        remedy: null,
      };
    case 'pending':
      return {
        code: 'unlisted-kind',
        subject,
        kind: 'lost',
        reason: state.reason ?? 'Not listed yet.',
        remedy: null,
      };
    case 'listing':
      return {
        code: 'unlisted-kind',
        subject,
        kind: 'lost',
        reason: 'The first list is under way.',
        remedy: null,
      };
    case 'polled':
      return {
        code: 'polled-kind',
        subject,
        kind: 'note',
        reason: state.reason ?? 'Changes are seen late: the kind cannot be watched.',
        remedy: state.missing === undefined ? null : ruleText(state.missing),
      };
    case 'withheld':
      return {
        code: 'secrets-not-read',
        subject,
        kind: 'note',
        reason: 'Secrets are not read; names come from what uses them.',
        remedy: 'kubectl apply -f deploy/rbac-secrets.yaml, and start the hub with --secrets',
      };
    case 'live':
      return unevaluatedRecord(subject);
    case 'absent':
      return undefined;
  }
}

function unevaluatedRecord(subject: string): CoverageRecord | undefined {
  const reason = UNEVALUATED_KINDS[subject];
  return reason === undefined
    ? undefined
    : { code: 'unevaluated-kind', subject, kind: 'note', reason, remedy: null };
}

/** What the cluster serves and nobody looks at. */
export function coverageOfUnseen({ kinds, groups, undiscovered }: Unseen): CoverageRecord[] {
  return [
    ...(undiscovered === undefined ? [] : [coverageOfUndiscovered(undiscovered)]),
    ...groups.map(
      (group) =>
        ({
          code: 'unanswered-group',
          subject: group,
          kind: 'lost',
          reason: 'The server of this API group does not answer.',
          remedy: null,
        }) as const,
    ),
    ...kinds.map(
      ({ groupKind }) =>
        ({
          code: 'unwatched-kind',
          subject: groupKind,
          kind: 'note',
          reason: UNWATCHED_KINDS[groupKind] ?? 'The kind is served and not watched.',
          remedy: null,
        }) as const,
    ),
  ];
}

/** A cluster that does not say any more what it serves can serve kinds by now that nobody looks at. */
function coverageOfUndiscovered(sight: NonNullable<Unseen['undiscovered']>): CoverageRecord {
  const subject = 'API discovery';
  const known = 'What the cluster said before of which kinds it serves is taken to hold.';
  if (sight.state === 'denied')
    return {
      code: 'missing-permission',
      subject,
      kind: 'lost',
      reason: `${printMissingRule(sight.missing)} ${known}`,
      remedy: ruleText(sight.missing),
    };
  const reason = (sight.reason ?? 'It does not answer.').replace(/\.?$/, '.');
  return { code: 'unanswered-group', subject, kind: 'lost', reason: `${reason} ${known}`, remedy: null };
}

/** What is to be said of the rules by which a cluster is judged. */
export function rulesRecords(version: string): CoverageRecord[] {
  const { remark } = clusterRules(version);
  const subject = `Kubernetes ${version}`.trim();
  return remark === undefined
    ? []
    : [{ code: 'unknown-kubernetes', subject, kind: 'note', reason: remark, remedy: null }];
}

/** What is to be said of the way to a cluster: whether somebody on it can answer as the server and read what is sent. */
export function wayRecords({ name, server, trust }: ClusterAccess): CoverageRecord[] {
  const isPlain = server.protocol === 'http:' && !isLoopback(server);
  if (!isPlain && !trust.insecure) return [];
  const what = isPlain
    ? 'The connection has no TLS'
    : 'The certificate of the server is not checked, as insecureSkipTlsVerify allows it';
  return [
    {
      code: 'unchecked-server',
      subject: name,
      kind: 'note',
      reason: `${what}: whoever is on the way can answer in its place, and read the credentials of the hub.`,
      remedy: isPlain
        ? 'Give the cluster an https address in the kubeconfig.'
        : 'Give the cluster its certificate-authority in the kubeconfig.',
    },
  ];
}

/** When the last of kinds that are seen no more was seen. */
export function lastSeenOf(states: readonly KindState[]): Date | null {
  const times = states.flatMap((state) => (state.state === 'stale' ? [state.since] : []));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** Whether nothing of a cluster is seen any more that was seen. */
export function isAllStale(states: Iterable<KindState>): boolean {
  const all = [...states].filter(({ state }) => state !== 'absent');
  return all.some(({ state }) => state === 'stale') && !all.some(isSeen);
}

/** A control that could not judge an object. It is told to those alone who may see the object. */
export function controlRecord(resource: Resource, fault: ControlFault): CoverageRecord {
  const { kind, namespace, name } = resource;
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  return {
    code: 'control-error',
    subject: `${object}, ${fault.control}`,
    namespace: namespaceOf(resource),
    kind: 'lost',
    reason: `${object}: ${fault.reason}`,
    remedy: null,
  };
}

interface ControlFault {
  readonly control: string;
  readonly reason: string;
}

/** A kind's state as it is stored. */
export function kindRecordOf(state: KindState): KindRecord {
  return {
    kind: state.groupKind,
    state: state.state === 'polled' ? 'live' : state.state === 'withheld' ? 'absent' : state.state,
    reason: 'reason' in state ? (state.reason ?? null) : null,
    missingRule: state.state === 'denied' ? ruleText(state.missing) : null,
    objects: state.objects,
    since: new Date(state.at).toISOString(),
  };
}

/**
 * Whether everything was listed, or is known not to be had for now: only then is a first judgement whole. A cluster of
 * which nothing at all was had is not judged.
 *
 * @param hasJudged whether there was one: then a kind that comes and fails does not keep the others waiting.
 */
export function isListed(states: Iterable<KindState>, hasJudged: boolean): boolean {
  const all = [...states];
  return (
    all.every((state) => isTried(state, hasJudged ? 'at once' : 'soon')) &&
    all.some(({ state }) => state === 'live' || state === 'polled' || state === 'denied')
  );
}
