import type { Control } from '@bulwark/core';
import { code, prose } from '../markdown/escape.ts';
import { LEVELS, type Level, SECURITY_SEVERITY } from './level.ts';
import { ATTACK, type Relationship, type Taxonomies } from './taxonomies.ts';

/** GitHub shows no more tags of a rule than these. */
const MOST_TAGS = 10;

/** A reportingDescriptor (SARIF 2.1.0, 3.49) with the properties that GitHub reads. */
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: Level };
  readonly deprecatedIds?: readonly string[];
  readonly relationships?: readonly Relationship[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A control as a rule; everything in it comes from the control's definition. */
export function ruleOf(control: Control, taxonomies: Taxonomies): Rule {
  const { id, title, severity, rationale, references } = control;
  const [helpUri] = references.filter((reference) => /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(reference));
  const deprecatedIds = control.aliases.filter((alias) => !alias.includes(':'));
  const relationships = taxonomies.relationshipsOf(id);
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: helpOf(control, relationships),
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: LEVELS[severity] },
    // Aliases of other tools are not ids that this rule ever had.
    ...(deprecatedIds.length > 0 && { deprecatedIds }),
    ...(relationships.length > 0 && { relationships }),
    properties: propertiesOf(control),
  };
}

function helpOf(control: Control, relationships: readonly Relationship[]): Rule['help'] {
  const { remediation, rationale, references, attack } = control;
  const text = [remediation, rationale];
  const markdown = [`**What to change:** ${prose(remediation)}`, `**Why:** ${prose(rationale)}`];
  for (const [title, items, print] of [
    ['Requirements', relationships.filter(isRequirement).map(nameOf), code],
    ['ATT&CK', attack, code],
    ['References', references, reference],
  ] as const) {
    if (items.length === 0) continue;
    text.push(`${title}: ${items.join(', ')}`);
    markdown.push(`**${title.replace('&', '&amp;')}:** ${items.map(print).join(', ')}`);
  }
  return { text: text.join('\n\n'), markdown: markdown.join('\n\n') };
}

function isRequirement({ target }: Relationship): boolean {
  return target.toolComponent.name !== ATTACK;
}

function nameOf({ target }: Relationship): string {
  return `${target.toolComponent.name} ${target.id}`;
}

/** A link where the address is one and plain enough to stand between angle brackets. */
function reference(address: string): string {
  return /^https:\/\/[\w./#?=&%~+-]+$/.test(address) ? `<${address}>` : code(address);
}

function propertiesOf({ severity, attack, looks, profile, since }: Control): Rule['properties'] {
  const score = SECURITY_SEVERITY[severity];
  const tags = ['security', 'kubernetes', ...attack.map((id) => `external/attack/${id.toLowerCase()}`)];
  return {
    // Without this tag GitHub reads no score.
    tags: tags.slice(0, MOST_TAGS),
    // What an object says of itself is a fact; that something is missing beside it may only mean it lies elsewhere.
    precision: looks === 'object' ? 'very-high' : 'high',
    ...(score !== undefined && { 'security-severity': score }),
    severity,
    profile,
    since,
  };
}

/** `host-pid` as `HostPid`: viewers expect an identifier that differs from the id. */
function pascalCase(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]|$)/g, (_match, letter: string) => letter.toUpperCase());
}
