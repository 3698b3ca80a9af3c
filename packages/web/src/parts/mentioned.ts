/** A part of a sentence; with an object where it names one. */
export interface Mention {
  readonly text: string;
  readonly object?: {
    readonly kind: string;
    readonly group: string;
    readonly namespace: string;
    readonly name: string;
  };
}

const RBAC = 'rbac.authorization.k8s.io';
const NETWORKING = 'networking.k8s.io';
const GATEWAY = 'gateway.networking.k8s.io';

interface NamedKind {
  readonly group: string;
  readonly isOfCluster?: boolean;
}

/** Kinds that the hub names in sentences as kind and name. */
const KINDS: Readonly<Record<string, NamedKind>> = {
  Service: { group: '' },
  Ingress: { group: NETWORKING },
  Gateway: { group: GATEWAY },
  HTTPRoute: { group: GATEWAY },
  GRPCRoute: { group: GATEWAY },
  Role: { group: RBAC },
  RoleBinding: { group: RBAC },
  ClusterRole: { group: RBAC, isOfCluster: true },
  ClusterRoleBinding: { group: RBAC, isOfCluster: true },
};
/** Names of objects hold no spaces and no commas, and those of RBAC colons; a full stop at the end is the sentence's. */
const NAME = '[A-Za-z0-9](?:[A-Za-z0-9:._-]*[A-Za-z0-9])?';
/** What is said not to be there, or to be seen by nobody, has no page; "Role objects" are a kind. */
const NAMED = new RegExp(
  String.raw`(?<!\b(?:[Nn]o|Whether|Whatever) )\b(${Object.keys(KINDS).join('|')}) (?!objects\b)(?:(${NAME})/)?(${NAME})(?: of namespace (${NAME}))?`,
  'g',
);
const POLICIES = new RegExp(
  `^Network (?:policy|policies) (${NAME}(?:(?:, | and )${NAME})*) (?:limits?|keeps?) `,
);

/**
 * A sentence that the hub says of an object, cut where it names others: kind and name, or network policies by name.
 *
 * @param namespace where what is named lies, unless the sentence says otherwise.
 */
export function mentionsIn(sentence: string, namespace: string): readonly Mention[] {
  const policies = POLICIES.exec(sentence)?.[1];
  if (policies !== undefined) return policyMentions(sentence, policies, namespace);
  const mentions: Mention[] = [];
  let end = 0;
  // A role lies where its binding does.
  let bound = namespace;
  for (const match of sentence.matchAll(NAMED)) {
    const object = objectOf(match, { Role: bound }, namespace);
    if (object.kind === 'RoleBinding') bound = object.namespace;
    if (match.index > end) mentions.push({ text: sentence.slice(end, match.index) });
    mentions.push({ text: match[0], object });
    end = match.index + match[0].length;
  }
  return end < sentence.length ? [...mentions, { text: sentence.slice(end) }] : mentions;
}

/** What a match of `NAMED` names; where it does not say, it lies in the place of its kind, else in the namespace. */
function objectOf(
  [, kind = '', before, name = '', behind]: RegExpExecArray,
  places: Readonly<Record<string, string>>,
  namespace: string,
) {
  const { group = '', isOfCluster = false } = KINDS[kind] ?? {};
  const place = before ?? behind ?? places[kind] ?? namespace;
  return { kind, group, namespace: isOfCluster ? '' : place, name };
}

function policyMentions(sentence: string, names: string, namespace: string): readonly Mention[] {
  const from = sentence.indexOf(names);
  return [
    { text: sentence.slice(0, from) },
    ...names.split(/(, | and )/).map((text): Mention => {
      const isBetween = text === ', ' || text === ' and ';
      const object = { kind: 'NetworkPolicy', group: NETWORKING, namespace, name: text };
      return isBetween ? { text } : { text, object };
    }),
    { text: sentence.slice(from + names.length) },
  ];
}
