import type { ChangeItem } from '@bulwark/api';
import { Popover, Text } from '@mantine/core';
import type { KeyboardEvent, MouseEvent } from 'react';
import { Facts } from './facts.tsx';
import { Written } from './written.tsx';

type Actor = ChangeItem['actor'];

/** A user as people call it: a service account by namespace and name, as in `gitops/controller`. */
export function userName(user: string): string {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? user : `${namespace}/${name}`;
}

/** Who made a change: the user, else the program that the object names. What else is known of a user opens on the name. */
export function ActorName({ actor }: { readonly actor: Actor }) {
  if (actor.user === null || factsOf(actor).length === 0) return <PlainName actor={actor} />;
  return (
    <Popover position="bottom-start" width={420} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="actor" onClick={keep}>
          <PlainName actor={actor} />
        </button>
      </Popover.Target>
      <Popover.Dropdown onClick={keep} onKeyDown={keepEscape}>
        <ActorFacts actor={actor} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The same as a part of a sentence; nothing where nobody is known. */
export function By({ actor }: { readonly actor: Actor | undefined }) {
  if (
    actor === undefined ||
    (actor.user === null && actor.managers.length === 0 && actor.others.length === 0)
  )
    return null;
  return (
    <>
      {' '}
      by <ActorName actor={actor} />
    </>
  );
}

/** All that is known of who made a change. */
export function ActorFacts({ actor }: { readonly actor: Actor }) {
  const facts = factsOf(actor);
  if (facts.length === 0) return null;
  return (
    <>
      {actor.isUncertain && (
        <Text size="sm" mb="xs">
          Others could have made this change: the nearest request in time is named.
        </Text>
      )}
      <Facts facts={facts} />
    </>
  );
}

/** One of several, with where it came from. */
function otherText({ user, impersonatedBy, address, userAgent }: Actor['others'][number]): string {
  const by = impersonatedBy === null ? '' : `${impersonatedBy} as `;
  const from = [address, userAgent].filter((part) => part !== null).join(', ');
  return `${by}${user}${from === '' ? '' : ` (${from})`}`;
}

/** The name alone, where what else is known stands beside it. */
export function PlainName({ actor }: { readonly actor: Actor }) {
  const { user, impersonatedBy, managers, isUncertain, others } = actor;
  if (user === null && others.length > 0)
    return (
      <>
        one of <Written>{others.map((other) => userName(other.user)).join(', ')}</Written>
      </>
    );
  if (user === null)
    return (
      <span className="quiet">
        <Written>{managers.length === 0 ? 'unknown' : managers.join(', ')}</Written>
      </span>
    );
  return (
    <>
      {impersonatedBy !== null && (
        <>
          <Written>{userName(impersonatedBy)}</Written> as{' '}
        </>
      )}
      <Written>{userName(user)}</Written>
      {others.length > 0 && (
        <>
          {' '}
          and <Written>{othersText(others)}</Written>
        </>
      )}
      {isUncertain && <span className="quiet"> (uncertain)</span>}
    </>
  );
}

function othersText(others: Actor['others']): string {
  const [first, ...more] = others;
  if (first === undefined) return '';
  return more.length === 0 ? userName(first.user) : `${others.length} others`;
}

/** A click on it is not one on the row that it stands in. */
function keep(event: MouseEvent): void {
  event.stopPropagation();
}

/** What Escape closes is this, and not the panel that it stands in. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.preventDefault();
}

/** What is known of who made a change, in words; nothing where it is the name alone. */
function factsOf(actor: Actor): readonly (readonly [string, string])[] {
  const { user, groups, impersonatedBy, address, userAgent, managers, auditId, others } = actor;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Acted by', impersonatedBy],
    ['Groups', groups.length === 0 ? null : groups.join(', ')],
    ['Address', address],
    ['Program', userAgent],
    ['Audit event', auditId],
    ['Also wrote since the change before', others.length === 0 ? null : others.map(otherText).join('; ')],
  ];
  const known = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  if (user === null || known.length === 0) return [];
  const manager = managers.length === 0 ? [] : [['Field manager', managers.join(', ')] as const];
  return [['User', user] as const, ...known, ...manager];
}
