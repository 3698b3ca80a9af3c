import type { ExceptionItem } from '@bulwark/api';
import { SEVERITIES, type Severity } from '@bulwark/core';
import { amount } from '../../parts/amount.ts';

/** The worst severity of what is counted; undefined where nothing is. */
export function worstOf(counts: ExceptionItem['counts']): Severity | undefined {
  return SEVERITIES.find((severity) => counts[severity] > 0);
}

/** What an exception covers, in words: how many findings, and of what. */
export function whatOf(
  item: Pick<ExceptionItem, 'covers' | 'isCounted' | 'about' | 'scope' | 'state'>,
): string {
  const { covers, about } = item;
  const { controls, controlCount } = about;
  const titles = controls.map(({ title }) => title).join('; ');
  const more = controlCount > controls.length ? '; ...' : '';
  const several = controlCount > 1 ? ` of ${amount(controlCount, 'control')}` : '';
  if (covers > 1) return `${amount(covers, 'finding')}${several}: ${titles}${more}`;
  if (titles !== '') return `${titles}${more}`;
  if (isForLater(item)) return 'Every control';
  return isOver(item) || !item.isCounted ? namedBy(item) : 'Findings that are no longer there';
}

/** Whether it was refused, was ended or has run out: then it covers nothing, whatever is there. */
function isOver({ state }: Pick<ExceptionItem, 'state'>): boolean {
  return state === 'revoked' || state === 'expired';
}

/** The findings that were chosen when it was made, by how many they are. */
function namedBy({ scope: { fingerprints } }: Pick<ExceptionItem, 'scope'>): string {
  const named = Array.isArray(fingerprints) ? fingerprints.length : Number(fingerprints);
  return `${amount(named, 'finding')} that ${named === 1 ? 'was' : 'were'} chosen`;
}

/** Where an exception covers something, in words: the objects, else what its scope says. */
export function whereOf({ about: { worst, objects }, request, scope }: ExceptionItem): string {
  if (worst !== null)
    return objects > 1
      ? `${amount(objects, 'object')}, such as ${placeOf(worst.resource)}`
      : placeOf(worst.resource);
  if (request !== null) return placeOf(request.resource);
  const parts = Object.entries(scope).filter(
    ([part]) => part !== 'controls' && part !== 'clusters' && part !== 'fingerprints',
  );
  return parts.map(([part, value]) => `${part}: ${textOf(value)}`).join('; ');
}

function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 3 ? `${value.length} of them` : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An object as people call it: Deployment shop/cart. */
export function placeOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Whether findings that come later are covered too: those that are named are all there ever will be. */
export function isForLater({ scope }: Pick<ExceptionItem, 'scope'>): boolean {
  return scope['fingerprints'] === undefined;
}

/** What can be done about an exception. */
export type Act = 'approve' | 'refuse' | 'end';

export const VERBS: Readonly<Record<Act, string>> = { approve: 'Approve', refuse: 'Refuse', end: 'End' };

/** What comes of it, in a sentence. */
export function effectOf(
  act: Act,
  item: Pick<ExceptionItem, 'waiting' | 'covers' | 'isCounted' | 'counts' | 'scope'>,
): string {
  const { waiting, covers, isCounted, counts } = item;
  if (!isCounted) return 'Nothing is judged by it yet: what it covers is said in a moment.';
  const count = act === 'end' ? covers - waiting : waiting;
  const worst = worstOf(counts);
  const of = count === covers ? 'the worst' : `the worst of its ${covers}`;
  const severity =
    worst === undefined || count === 0 ? '' : count === 1 && covers === 1 ? `, ${worst}` : `, ${of} ${worst}`;
  const findings = `${count === 0 ? 'no finding' : amount(count, 'finding')}${severity}`;
  if (act === 'end') return `Ending it opens ${findings}${severity === '' ? '' : ','} again.`;
  if (act === 'refuse') return `Refusing it leaves ${findings}${severity === '' ? '' : ','} open.`;
  const later = isForLater(item)
    ? 'What is found there later is hidden too.'
    : 'What is found later is not hidden.';
  return `Approving it hides ${findings}. ${later}`;
}
