import { get, type Json, kinds, type ObjectView } from '@bulwark/core';

/** Certificates that cert-manager requests. */
export const certificates = kinds('cert-manager.io/Certificate');

/** Why a certificate is not judged by the rules for those of servers. */
export function isAuthority({ resource }: ObjectView): string | undefined {
  return get(resource.object, 'spec', 'isCA') === true ? 'It is the certificate of an authority.' : undefined;
}

const HOURS: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3_600_000 };

/** The hours of a duration as Go writes it, such as `2160h30m`; undefined where it is none. */
export function hoursOf(duration: Json | undefined): number | undefined {
  if (typeof duration !== 'string' || !/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+$/.test(duration))
    return undefined;
  let hours = 0;
  for (const [, amount, unit = ''] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    hours += Number(amount) * (HOURS[unit] ?? 0);
  return hours;
}
