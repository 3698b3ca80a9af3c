import { objectAt } from '../json.ts';
import { controllersOf } from '../owners.ts';
import { namespaceOf, type Resource } from '../resource.ts';
import { holdsResource, type ResourceScope } from '../scope.ts';
import { redactSaid } from '../security-content/redact-content.ts';
import { seenText } from '../seen-text.ts';
import { labelsOf, type WorldView } from '../world.ts';

/** A value, and where it is said: for people who ask why. */
export interface Said {
  readonly value: string;
  readonly from: string;
}

export const CRITICALITIES = ['non-critical', 'standard', 'crown-jewel'] as const;
export type Criticality = (typeof CRITICALITIES)[number];

/** Environments on which people outside depend, and those on which nobody does. */
export const PRODUCTION_ENVIRONMENTS = ['production', 'prod'] as const;
export const TEST_ENVIRONMENTS = ['test', 'development', 'sandbox', 'dev', 'qa'] as const;

/** Whose an object is, where it runs and how much depends on it. What nobody says stays unknown. */
export interface Ownership {
  readonly owner?: Said;
  readonly environment?: Said;
  readonly criticality?: Said & { readonly value: Criticality };
  /** Ways to reach the owner, from contact annotations and owner rules. */
  readonly contacts: readonly string[];
}

/** Says something about all objects in a scope. */
export interface OwnershipRule {
  readonly scope: ResourceScope;
  readonly owner?: string;
  readonly contacts?: readonly string[];
  readonly environment?: string;
  readonly criticality?: Criticality;
  /** Where the rule is written, as file and line. */
  readonly source: string;
}

/** How ownership is read. */
export interface OwnershipSettings {
  /** Later rules win over earlier ones, as in a CODEOWNERS file. */
  readonly rules: readonly OwnershipRule[];
  /** Labels and annotations that name the owner, the best first. */
  readonly ownerKeys: readonly string[];
  readonly contactKeys: readonly string[];
  readonly environmentKeys: readonly string[];
  readonly criticalityKeys: readonly string[];
}

/** What is read when nothing is configured: the recommended labels of Kubernetes and the usual ones beside them. */
export const DEFAULT_OWNERSHIP: OwnershipSettings = {
  rules: [],
  ownerKeys: ['bulwark.dev/owner', 'team', 'owner', 'app.kubernetes.io/part-of'],
  contactKeys: ['bulwark.dev/contact', 'contact', 'a8r.io/owner', 'a8r.io/chat', 'a8r.io/email'],
  environmentKeys: ['bulwark.dev/environment', 'environment', 'env'],
  criticalityKeys: ['bulwark.dev/criticality', 'criticality'],
};

/**
 * Whose an object is: by the last rule that fits, else by labels and annotations of the object, of its pods, of what controls it
 * and of its namespace, in this order. The environment is also told by the namespace's name. Of owner and environment the first 200
 * characters count. What objects say is without secrets: a contact may be a webhook. (risk.md 5b)
 */
export function ownershipOf(resource: Resource, world: WorldView, settings: OwnershipSettings): Ownership {
  const rules = settings.rules.filter(({ scope }) => holdsResource(scope, resource));
  const places = placesOf(resource, world);
  const owner = cut(ruled(rules, 'owner') ?? written(places, settings.ownerKeys));
  const environment = cut(
    ruled(rules, 'environment') ?? written(places, settings.environmentKeys) ?? byName(namespaceOf(resource)),
  );
  const criticality = ruled(rules, 'criticality') ?? known(written(places, settings.criticalityKeys));
  const contacts = contactsOf(rules);
  const contact = written(places, settings.contactKeys);
  return {
    ...(owner && { owner }),
    ...(environment && { environment: { ...environment, value: environment.value.toLowerCase() } }),
    ...(criticality && { criticality: criticality as Said & { readonly value: Criticality } }),
    contacts: contacts ?? (contact === undefined ? [] : [contact.value]),
  };
}

interface Place {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

function placesOf(resource: Resource, world: WorldView): Place[] {
  const metadata = objectAt(resource.object, 'metadata');
  const places = [...both(metadata, 'the object')];
  for (const workload of resource.workloads) places.push(...both(workload.metadata, 'its pods'));
  for (const { kind, name, object } of controllersOf(world, resource))
    places.push(...both(objectAt(object, 'metadata'), `${kind} ${name}`));
  const namespace = namespaceOf(resource);
  if (namespace === '' || resource.groupKind === 'Namespace') return places;
  const declared = world.find('Namespace', '', namespace);
  return declared === undefined
    ? places
    : [...places, ...both(objectAt(declared.object, 'metadata'), `namespace ${namespace}`)];
}

function both(metadata: Parameters<typeof labelsOf>[0], name: string): Place[] {
  const labels = { name, values: labelsOf(metadata) };
  const annotations = objectAt(metadata, 'annotations');
  return annotations === undefined ? [labels] : [labels, { name, values: labelsOf({ labels: annotations }) }];
}

function ruled(
  rules: readonly OwnershipRule[],
  field: 'owner' | 'environment' | 'criticality',
): Said | undefined {
  const rule = rules.findLast((each) => each[field] !== undefined);
  const value = rule?.[field];
  return rule === undefined || value === undefined ? undefined : { value, from: rule.source };
}

/** Of the last rule that says some, but for one that names an owner whom a later one replaced: they reach that one. */
function contactsOf(rules: readonly OwnershipRule[]): readonly string[] | undefined {
  const named = rules.findLast(({ owner }) => owner !== undefined)?.owner?.toLowerCase();
  return rules.findLast(
    ({ contacts, owner }) => contacts !== undefined && (owner === undefined || owner.toLowerCase() === named),
  )?.contacts;
}

/** The nearest place wins, and in one place the best key. */
function written(places: readonly Place[], keys: readonly string[]): Said | undefined {
  for (const { name, values } of places)
    for (const key of keys) {
      const value = seenText(values[key] ?? '');
      if (value !== '') return { value: redactSaid(value), from: `${key} of ${name}` };
    }
  return undefined;
}

/** Longer than any name, and short enough for each index that has owner and environment in it: annotations have 256 KiB. */
const MOST_CHARACTERS = 200;

function cut(said: Said | undefined): Said | undefined {
  if (said === undefined || said.value.length <= MOST_CHARACTERS) return said;
  const characters = Array.from(said.value);
  return characters.length <= MOST_CHARACTERS
    ? said
    : { ...said, value: `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…` };
}

function known(said: Said | undefined): Said | undefined {
  if (said === undefined) return undefined;
  const value = CRITICALITY_WORDS[said.value.toLowerCase()];
  return value === undefined ? undefined : { ...said, value };
}

const CRITICALITY_WORDS: Readonly<Record<string, Criticality>> = {
  'non-critical': 'non-critical',
  low: 'non-critical',
  standard: 'standard',
  medium: 'standard',
  'crown-jewel': 'crown-jewel',
  critical: 'crown-jewel',
  high: 'crown-jewel',
};

const ENVIRONMENT_WORDS: Readonly<Record<string, string>> = {
  dev: 'development',
  development: 'development',
  test: 'test',
  testing: 'test',
  qa: 'test',
  staging: 'staging',
  stage: 'staging',
  sandbox: 'sandbox',
  prod: 'production',
  production: 'production',
};

function byName(namespace: string): Said | undefined {
  const words = namespace.toLowerCase().split(/[-_.]/);
  for (const word of words) {
    const value = Object.hasOwn(ENVIRONMENT_WORDS, word) ? ENVIRONMENT_WORDS[word] : undefined;
    if (value !== undefined) return { value, from: `name of namespace ${namespace}` };
  }
  return undefined;
}
