import type { ROUTES, RouteResult } from '@bulwark/api';
import type { Style } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { details, firstOf, placeOf } from './words.ts';

type SecretItem = RouteResult<(typeof ROUTES)['listSecrets']>['items'][number];

function standing(
  { exists, certificate, mountedBy, mayBeUsedBy }: SecretItem,
  now: Date,
): { label: string; style: Style } {
  if (exists === false) return { label: 'MISSING', style: 'lost' };
  if (certificate !== null && Date.parse(certificate.notAfter) <= now.getTime())
    return { label: 'EXPIRED', style: 'high' };
  if (mountedBy.length > 0) return { label: 'USED', style: 'faint' };
  return mayBeUsedBy.length > 0
    ? { label: 'NOT KNOWN', style: 'lost' }
    : { label: 'UNUSED', style: 'medium' };
}

function usersText({ mountedBy, mayBeUsedBy }: SecretItem): string {
  if (mountedBy.length > 0) return `used by ${firstOf(mountedBy)}`;
  return mayBeUsedBy.length > 0
    ? `whether something uses it is not known: not seen are ${firstOf(mayBeUsedBy)}`
    : 'nothing that is known uses it';
}

function certificateText({ certificate }: SecretItem): string {
  if (certificate === null) return '';
  const { subject, notAfter } = certificate;
  return `a certificate${subject === '' ? '' : ` of ${subject}`} until ${notAfter.slice(0, 10)}`;
}

/** `bulwark secrets`: their names and who has them, never what is in them. */
export const secrets = defineList({
  name: 'secrets',
  plural: 'secrets',
  none: 'No secret.',
  hasPages: true,
  route: 'listSecrets',
  entries: (item, around) => {
    const { cluster, namespace, name, type, keys, exists, readableBy, owner } = item;
    return [
      {
        ...standing(item, around.now),
        whole: placeOf(cluster, { kind: 'Secret', namespace, name }, around),
        text: details(type, keys.length > 0 && `keys ${firstOf(keys)}`, certificateText(item)),
      },
      {
        text: details(
          owner ?? 'unowned',
          usersText(item),
          readableBy.length > 0 && `readable by ${firstOf(readableBy)}`,
          exists === null && 'whether it is there is not known, as secrets are not seen',
        ),
      },
    ];
  },
});
