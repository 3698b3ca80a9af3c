import { isBuiltInGroup } from '../group-kind.ts';
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { parsePeriod } from '../query/moments.ts';
import { redactText } from '../redaction.ts';
import { truncatedSha256 } from '../sha256.ts';
import { shortName } from '../short-names.ts';
import { isControlPlane } from './control-plane.ts';
import { effectOf, isDone, isWrittenBeside, parametersOf, subresourceOf } from './effect.ts';

/** Who made a request, as the API server authenticated them (audit.k8s.io/v1, Event). */
export interface AuditActor {
  /** In whose name it was made: who was impersonated, else who was authenticated. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Who acted as that user; null where nobody did. */
  readonly impersonatedBy: string | null;
  /** The first source address: what the client or the proxy nearest to it says. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A request that changed an object. Nothing of what was sent or answered is in it but the object's identity. */
export interface AuditWrite {
  /** 32 hexadecimal digits. Clients may choose the auditID, so that it alone does not tell requests apart. */
  readonly id: string;
  readonly auditId: string;
  readonly effect: 'created' | 'changed' | 'deleted';
  /**
   * Whether it was made through a subresource for something else, such as the status, with which one may write annotations: then all
   * that somebody wrote so to an object within an hour is one, from the first to the last.
   */
  readonly isOfStatus: boolean;
  /**
   * Whether the API server answered that it failed, or not in time: then it may have written all the same, and a moment later. Of a
   * patch or an update it is not known then whether it created.
   */
  readonly mayHaveFailed: boolean;
  readonly group: string;
  /** Name of the kind in paths, such as deployments. */
  readonly resource: string;
  readonly namespace: string;
  /** Empty for everything that a deletecollection met, and for a creation by generateName that was logged without its answer. */
  readonly name: string;
  readonly uid: string | undefined;
  /** The resourceVersion that the request was based on, which is the one before it. */
  readonly before: string | undefined;
  /** The resourceVersion that it made; known only where answers are logged. */
  readonly after: string | undefined;
  /** Milliseconds since 1970, by the clock of the API server. */
  readonly received: number;
  readonly done: number;
  /** The field manager that the API server notes for it, with the moment; undefined for the scale, of which it notes no moment. */
  readonly manager: string | undefined;
  readonly actor: AuditActor;
}

/** What one event says. */
export type AuditReading =
  | { readonly kind: 'write'; readonly write: AuditWrite }
  | { readonly kind: 'other'; readonly done: number }
  | { readonly kind: 'malformed'; readonly reason: string };

const LONGEST = 512;
const MOST_GROUPS = 100;

/** Reads one event. Requests that changed nothing (reads, refusals, dry runs) are `other`, and so is what no person does. */
export function readAuditEvent(event: unknown): AuditReading {
  const why = faultOf(event);
  if (why !== undefined) return { kind: 'malformed', reason: why };
  const done = momentAt(event, 'stageTimestamp') ?? 0;
  const effect = effectOf(event);
  const reference = objectAt(event, 'objectRef');
  const user = stringAt(event, 'user', 'username');
  if (effect === undefined || reference === undefined || user === undefined) return { kind: 'other', done };
  const actor = actorOf(event);
  const identity = identityOf(event, reference, effect);
  const isOfStatus = isWrittenBeside(subresourceOf(event));
  const mayHaveFailed = !isOfStatus && !isDone(event);
  if (!isOfSomebody(event, { effect, isOfStatus, mayHaveFailed, ...identity, actor }))
    return { kind: 'other', done };
  const received = Math.min(momentAt(event, 'requestReceivedTimestamp') ?? done, done);
  const auditId = redactText(textAt(event, 'auditID') ?? '');
  const { group, resource, namespace, name, uid = null } = identity;
  const object = [effect, group, resource, namespace, name];
  const told = isOfStatus
    ? ['status', ...object, uid, actor.user, actor.impersonatedBy, Math.floor(done / HOUR_MS)]
    : [auditId, stringAt(event, 'requestReceivedTimestamp'), ...object];
  return {
    kind: 'write',
    write: {
      id: truncatedSha256(JSON.stringify(told)),
      auditId,
      effect,
      isOfStatus,
      mayHaveFailed,
      ...identity,
      received,
      done,
      manager: managerOf(event),
      actor,
    },
  };
}

const HOUR_MS = 60 * 60 * 1000;

type Told = Pick<
  AuditWrite,
  'effect' | 'isOfStatus' | 'mayHaveFailed' | 'group' | 'resource' | 'name' | 'actor'
>;

/**
 * Whether a request can be behind a change that is told: parts of Kubernetes report all the time, make most pods, by generateName, and
 * try again whatever failed.
 */
function isOfSomebody(event: unknown, told: Told): boolean {
  const { effect, isOfStatus, mayHaveFailed, group, resource, name, actor } = told;
  const isUnnamed = name === '' && stringAt(event, 'verb') !== 'deletecollection';
  if (isUnnamed && effect !== 'created') return false;
  if (isOfStatus && !isBuiltInGroup(group)) return false;
  const isRoutine = isOfStatus || mayHaveFailed || isUnnamed || isMadeForOwner(event, resource);
  return !isRoutine || !isControlPlane(actor);
}

/** Whether a pod, or a set of pods, came into being under a controller, as far as the answer is logged. */
function isMadeForOwner(event: unknown, resource: string): boolean {
  const owners = arrayAt(event, 'responseObject', 'metadata', 'ownerReferences') ?? [];
  const isMade = stringAt(event, 'verb') === 'create' && ['pods', 'replicasets'].includes(resource);
  return isMade && owners.some((owner) => isObject(owner) && owner['controller'] === true);
}

/** Why something is no event; undefined where it is one. */
function faultOf(event: unknown): string | undefined {
  if (!isObject(event)) return 'not an object';
  const kind = stringAt(event, 'kind');
  const version = stringAt(event, 'apiVersion');
  // Items of a list need not repeat what they are.
  if (kind !== undefined && kind !== 'Event') return 'not an Event';
  if (version !== undefined && version !== 'audit.k8s.io/v1') return 'not of audit.k8s.io/v1';
  for (const field of ['auditID', 'stage', 'verb'])
    if (stringAt(event, field) === undefined) return `without ${field}`;
  return momentAt(event, 'stageTimestamp') === undefined ? 'without stageTimestamp' : undefined;
}

function placeOf(event: unknown, reference: JsonObject) {
  const [group, resource, namespace] = ['apiGroup', 'resource', 'namespace'].map((field) =>
    shortName(stringAt(reference, field) ?? ''),
  ) as [string, string, string];
  // The API server takes the name in the address of a Namespace for its namespace, too, once it is there.
  const isNamespace = group === '' && resource === 'namespaces';
  return {
    group,
    resource: group === '' && resource === 'bindings' ? 'pods' : resource,
    namespace: isNamespace || !isNamespaced(event) ? '' : namespace,
  };
}

/**
 * Whether a request was about something in a namespace, by its address. Where that names none, the API server notes the one that
 * the object says, whatever its kind: what lies in none may say any.
 */
function isNamespaced(event: unknown): boolean {
  const [path = ''] = (stringAt(event, 'requestURI') ?? '').split('?', 1);
  const [first, ...more] = unescaped(path).split('/').filter(Boolean);
  const [place, ...rest] = more.slice(first === 'api' ? 1 : 2);
  return place === undefined || (place === 'namespaces' && rest.length > 1);
}

/** As it stands where an escape is wrong: then no server took it. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function identityOf(event: unknown, reference: JsonObject, effect: AuditWrite['effect']) {
  const place = placeOf(event, reference);
  if (stringAt(event, 'verb') === 'deletecollection')
    return { ...place, name: '', uid: undefined, before: undefined, after: undefined };
  const subresource = subresourceOf(event);
  // In a subresource's answer the metadata are of the same object, except for an eviction's and a binding's, which are their own.
  const hasOwn = subresource === 'eviction' || subresource === 'binding';
  const answer = hasOwn ? undefined : objectAt(event, 'responseObject', 'metadata');
  const given = stringAt(reference, 'name') ?? '';
  // Of what is new, and of what is no object of its own, the client says any uid that it likes.
  const isSaid = effect === 'created' || subresource !== '';
  return {
    ...place,
    name: shortName(given === '' ? (stringAt(answer, 'name') ?? '') : given),
    uid: answeredUid(event, answer) ?? (isSaid ? undefined : textAt(reference, 'uid')),
    ...(isWrittenBeside(subresource)
      ? { before: undefined, after: undefined }
      : { before: textAt(reference, 'resourceVersion'), after: textAt(answer, 'resourceVersion') }),
  };
}

function answeredUid(event: unknown, answer: JsonObject | undefined): string | undefined {
  const details =
    objectAt(event, 'responseStatus', 'details') ?? objectAt(event, 'responseObject', 'details');
  return textAt(answer, 'uid') ?? textAt(details, 'uid');
}

const LONGEST_MANAGER = 128;

/** What a request names as its field manager, else the first part of its user agent, as the API server does. */
function managerOf(event: unknown): string | undefined {
  if (subresourceOf(event) === 'scale') return undefined;
  const [named = ''] = parametersOf(event, 'fieldManager');
  const [agent = ''] = (stringAt(event, 'userAgent') ?? '').split('/', 1);
  const manager = (named === '' ? agent : named).slice(0, LONGEST_MANAGER);
  return manager === '' ? undefined : redactText(manager);
}

function actorOf(event: unknown): AuditActor {
  const own = textAt(event, 'user', 'username') ?? '';
  const impersonated = textAt(event, 'impersonatedUser', 'username');
  const groups = arrayAt(event, impersonated === undefined ? 'user' : 'impersonatedUser', 'groups') ?? [];
  const agent = textAt(event, 'userAgent');
  return {
    user: impersonated ?? own,
    groups: groups
      .slice(0, MOST_GROUPS)
      .flatMap((group) => (typeof group === 'string' ? [group.slice(0, LONGEST)] : [])),
    impersonatedBy: impersonated === undefined ? null : own,
    address: textAt(event, 'sourceIPs', 0) ?? null,
    // The client writes it as it likes.
    userAgent: agent === undefined ? null : redactText(agent),
  };
}

/** A text that is not empty, cut where it is longer than any that is meant. */
function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const text = stringAt(value, ...path);
  return text === undefined || text === '' ? undefined : text.slice(0, LONGEST);
}

function momentAt(event: unknown, field: string): number | undefined {
  return momentOf(stringAt(event, field) ?? '');
}

/** Of other years no database and no answer tells. */
const FIRST_MOMENT = -62_135_596_800_000;
const LAST_MOMENT = 253_402_300_799_999;

/** A moment of the years 1 to 9999 to the second or finer, RFC 3339, in milliseconds since 1970; undefined for anything else. */
export function momentOf(text: string): number | undefined {
  const period = parsePeriod(text);
  if (period === undefined || period.to - period.from !== 1000) return undefined;
  if (period.from < FIRST_MOMENT || period.from > LAST_MOMENT) return undefined;
  const [, fraction = ''] = /\.(\d{1,3})/.exec(text) ?? [];
  return period.from + Number(fraction.padEnd(3, '0'));
}
