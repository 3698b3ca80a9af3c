import type { ChangeItem } from '@bulwark/api';
import { defineList } from './asked-list.ts';
import { ageOf, details, minuteOf, placeOf, tailOf } from './words.ts';

/** Who made a change, as far as it is known: `by ann`. */
export function who({ actor }: Pick<ChangeItem, 'actor'>): string {
  const { user, impersonatedBy, managers, isUncertain, others } = actor;
  const also = others.map((other) => other.user);
  const told = `${also.length === 0 ? '' : `, also ${also.join(', ')}`}${isUncertain ? ', uncertain' : ''}`;
  if (user !== null) return `by ${impersonatedBy === null ? '' : `${impersonatedBy} as `}${user}${told}`;
  if (also.length > 0) return `by one of ${also.join(', ')}`;
  return managers.length > 0 ? `by ${managers.join(', ')}` : 'by whom is not known';
}

/** `bulwark changes`. */
export const changes = defineList({
  name: 'changes',
  plural: 'changes',
  none: 'No change.',
  hasPages: true,
  route: 'listChanges',
  entries: (item, around) => [
    {
      label: item.verb.toUpperCase(),
      style: item.opened > 0 ? 'strong' : 'faint',
      whole: placeOf(item.cluster, item.resource, around),
      text: '',
      ...tailOf(
        details(item.opened > 0 && `${item.opened} opened`, item.resolved > 0 && `${item.resolved} resolved`),
      ),
    },
    { text: details(`${minuteOf(item.at)} (${ageOf(item.at, around.now)} ago)`, who(item)) },
  ],
});
